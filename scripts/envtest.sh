#!/usr/bin/env bash
# Provides etcd, kube-apiserver and kubectl for tests on real API servers, and prints the folder that has them.
#
#   scripts/envtest.sh [DIR]
#
# KUBEBUILDER_ASSETS is used as it is where it has all three. Otherwise DIR (by default a cache folder) is filled once,
# on Debian, from the packages of Debian 12: etcd and kubectl as they are, kube-apiserver built from its source package,
# which takes about 5 minutes. Nothing is installed but dpkg-dev where it is missing, and no apt source is left behind.
# Exit: 0 the binaries are there, 3 they cannot be had here (the reason is on standard error), else a build that broke.
set -euo pipefail
# shellcheck source=scripts/debian.sh
source "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

readonly go=golang-1.19 unavailable=3
readonly tools=(etcd kube-apiserver kubectl)

say() { printf '%s\n' "envtest: $*" >&2; }

give_up() {
    say "NO REAL API SERVER: $*"
    say "put ${tools[*]} into a folder yourself and set KUBEBUILDER_ASSETS to it"
    exit "$unavailable"
}

complete() {
    local tool
    for tool in "${tools[@]}"; do [[ -x $1/$tool ]] || return 1; done
}

deliver() {
    printf '%s\n' "$1"
    exit 0
}

if [[ -n ${KUBEBUILDER_ASSETS:-} && $# -eq 0 ]]; then
    complete "$KUBEBUILDER_ASSETS" || give_up "KUBEBUILDER_ASSETS is $KUBEBUILDER_ASSETS, which lacks one of: ${tools[*]}"
    deliver "$KUBEBUILDER_ASSETS"
fi

dir=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/kube-policy-semaphore/envtest}
if complete "$dir"; then deliver "$dir"; fi

for needed in apt-get dpkg-deb flock xz patch; do
    command -v "$needed" >/dev/null || give_up "$needed is missing; the build needs Debian with its usual tools"
done
[[ -r /etc/debian_version && -r /usr/share/keyrings/debian-archive-keyring.gpg ]] ||
    give_up "this is not Debian (no /usr/share/keyrings/debian-archive-keyring.gpg)"

mkdir -p "$(dirname "$dir")"
dir=$(realpath -m "$dir")
exec 9>"$dir.lock"
if ! flock -n 9; then
    say "another run builds $dir; waiting for it"
    flock 9
fi
if complete "$dir"; then deliver "$dir"; fi

work=$(mktemp -d "${TMPDIR:-/var/tmp}/envtest.XXXXXX")
# Go's caches are read-only folders.
trap 'chmod -R u+w "$work" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$work"/{source,gopath/src/k8s.io}

debian_apt "$work"
apt-get "${apt[@]}" -o APT::Update::Error-Mode=any update >&2 || give_up "the package lists cannot be read; is there a network?"
if ! command -v dpkg-source >/dev/null; then
    [[ $(id -u) -eq 0 ]] || give_up "dpkg-source is missing and only root can install it: apt-get install dpkg-dev"
    say "installing dpkg-dev"
    DEBIAN_FRONTEND=noninteractive apt-get "${apt[@]}" install -y --no-install-recommends dpkg-dev >&2 ||
        give_up "dpkg-dev cannot be installed"
fi

say "fetching the packages"
(cd "$work/debs" && apt-get "${apt[@]}" download etcd-server kubernetes-client "$go-go" "$go-src" \
    golang-github-modern-go-reflect2-dev >&2) || give_up "the packages cannot be downloaded"
# Extracted, not installed: the packages would collide with a kubectl or a Go that is here already.
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/unpacked"; done
(cd "$work/source" && apt-get "${apt[@]}" source kubernetes >&2) || give_up "the source package of kubernetes cannot be downloaded"

tree=$work/gopath/src/k8s.io/kubernetes
mv "$work"/source/kubernetes-*/ "$tree"
cd "$tree"
export GOROOT=$work/unpacked/usr/lib/${go/golang/go} GOPATH=$work/gopath GOCACHE=$work/gocache GO111MODULE=off GOFLAGS='' CGO_ENABLED=0
export PATH=$GOROOT/bin:$PATH

# The vendored reflect2 faults when built by Go 1.18 or later.
rm -rf vendor/github.com/modern-go/reflect2
cp -r "$work/unpacked/usr/share/gocode/src/github.com/modern-go/reflect2" vendor/github.com/modern-go/

say "generating the OpenAPI definitions, which the source package leaves out"
packages=$(grep -rl --include='*.go' --exclude='*_test.go' '+k8s:openapi-gen=' pkg staging/src/k8s.io vendor/k8s.io |
    xargs -n 1 dirname | sed -e 's#^staging/src/#vendor/#' -e 's#^#k8s.io/kubernetes/#' | sort -u |
    grep -v -e /testdata -e kube-openapi | paste -sd,)
mkdir -p pkg/generated/openapi
go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
# It ends with an error where a type breaks a naming rule, after it has written everything.
"$work/openapi-gen" -h /dev/null -O zz_generated.openapi -p k8s.io/kubernetes/pkg/generated/openapi -i "$packages" \
    -r "$work/violations" --output-base "$work/gopath/src" >&2 || true
[[ -s pkg/generated/openapi/zz_generated.openapi.go ]] || { say "openapi-gen wrote nothing"; exit 1; }

say "building kube-apiserver, about 5 minutes"
version=$(dpkg-parsechangelog -S Version -l debian/changelog | sed -E 's/^.*really//; s/-.*//')
stamp=k8s.io/kubernetes/vendor/k8s.io/component-base/version
IFS=. read -r major minor _ <<<"$version"
go build -ldflags "-s -w -X $stamp.gitVersion=v$version -X $stamp.gitMajor=$major -X $stamp.gitMinor=$minor" \
    -o "$work/kube-apiserver" ./cmd/kube-apiserver

# Moved into place as a whole, so that nobody sees half of it.
staging=$(mktemp -d "$dir.XXXXXX")
cp "$work/kube-apiserver" "$work/unpacked/usr/bin/etcd" "$work/unpacked/usr/bin/kubectl" "$staging/"
chmod 755 "$staging"
"$staging/kube-apiserver" --version >&2
rm -rf "$dir"
mv "$staging" "$dir"
deliver "$dir"
