# Sourced: package lists of our own, so that the machine's stay as they are and no rights are needed.
# debian_apt WORK makes those of Debian 12 in the folder WORK, and the array "apt" of arguments that make apt-get use them.

debian_apt() {
    local work=$1 mirror type
    mirror=$(sed -nE 's#^URIs: *([^ ]+/debian/?)( .*)?$#\1#p; s#^deb (\[[^]]*\] )?([^ ]+/debian/?) .*#\2#p' \
        /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list 2>/dev/null | head -n 1 || true)
    mkdir -p "$work"/{lists/partial,cache/archives/partial,debs,unpacked}
    for type in deb deb-src; do
        echo "$type [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-http://deb.debian.org/debian} bookworm main"
    done >"$work/sources.list"
    # shellcheck disable=SC2034 # For the caller.
    apt=(-qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$work/lists"
        -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root -o Acquire::Retries=3 -o APT::Get::List-Cleanup=false)
}
