#!/usr/bin/env bash
# Provides libfaketime, by which a test sets the clock of a silo, and prints the path of the library.
#
# KPS_TEST_FAKETIME is used as it is. Otherwise a cache folder is filled once, on Debian 12, from its package.
# Exit: 0 it is there, 3 it cannot be had here (the reason is on standard error).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/debian.sh
source debian.sh

give_up() {
    echo "faketime: NO LIBFAKETIME: $*" >&2
    echo "faketime: set KPS_TEST_FAKETIME to the path of libfaketime.so.1" >&2
    exit 3
}

library=${KPS_TEST_FAKETIME:-${XDG_CACHE_HOME:-$HOME/.cache}/kube-policy-semaphore/faketime/libfaketime.so.1}
if [[ -n ${KPS_TEST_FAKETIME:-} && ! -r $library ]]; then give_up "KPS_TEST_FAKETIME is $library, which cannot be read"; fi
if [[ ! -r $library ]]; then
    for needed in apt-get dpkg-deb; do command -v "$needed" >/dev/null || give_up "$needed is missing"; done
    [[ -r /etc/debian_version && -r /usr/share/keyrings/debian-archive-keyring.gpg ]] || give_up "this is not Debian"
    work=$(mktemp -d "${TMPDIR:-/var/tmp}/faketime.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    debian_apt "$work"
    apt-get "${apt[@]}" -o APT::Update::Error-Mode=any update >&2 || give_up "the package lists cannot be read; is there a network?"
    (cd "$work/debs" && apt-get "${apt[@]}" download libfaketime >&2) || give_up "the package cannot be downloaded"
    dpkg-deb -x "$work"/debs/*.deb "$work/unpacked"
    mkdir -p "$(dirname "$library")"
    # Moved into place as a whole, so that nobody sees half of it.
    cp "$work"/unpacked/usr/lib/*/faketime/libfaketime.so.1 "$library.$$"
    mv "$library.$$" "$library"
fi
printf '%s\n' "$library"
