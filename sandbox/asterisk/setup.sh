#!/bin/sh
# usage: setup.sh DIR [SUITE]        (default suite: forky, which carries Asterisk 22)
#
# Unpacks a real Asterisk from signed Debian packages into DIR/tree: no root, no chroot, no container, and nothing outside DIR is
# changed. The archive's address comes from this machine's own apt configuration, or from $RINGSIDE_DEBIAN_MIRROR.
#
# Exit status: 0 ready, 69 no package archive can be reached (tests skip then), 1 anything else.
set -eu

DIR=$(mkdir -p "$1" && cd "$1" && pwd)
SUITE=${2:-forky}
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null || { echo 'this machine has no apt' >&2; exit 69; }
[ -r "$KEYRING" ] || { echo "$KEYRING is missing (package debian-archive-keyring)" >&2; exit 69; }
ARCH=$(dpkg --print-architecture)
case $ARCH in
  amd64) TRIPLET=x86_64-linux-gnu ;;
  arm64) TRIPLET=aarch64-linux-gnu ;;
  *) echo "no Asterisk for $ARCH here" >&2; exit 69 ;;
esac

works() {
  LIB=$DIR/tree/usr/lib/$TRIPLET
  set -- "$LIB"/ld-linux-*.so.*
  "$1" --library-path "$LIB:$LIB/asterisk" "$DIR/tree/usr/sbin/asterisk" -V
}
if works 2> /dev/null; then exit 0; fi

# --- the archive of this machine's own release, which holds the other suites too
CODENAME=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
archives() {
  if [ -n "${RINGSIDE_DEBIAN_MIRROR:-}" ]; then echo "$RINGSIDE_DEBIAN_MIRROR"; return; fi
  apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT)' 2> /dev/null |
    awk -v c="$CODENAME" '$2 == c && $3 == "main" { print $1 }'
  # configured, but not indexed yet: deb822 files, then one-line files
  cat /etc/apt/sources.list.d/*.sources 2> /dev/null | awk -v c="$CODENAME" '
    function flush(  i, n, u) {
      if (types ~ / deb / && suites ~ (" " c " ") && comps ~ / main /) {
        n = split(uris, u, " "); for (i = 1; i <= n; i++) print u[i] }
      types = uris = suites = comps = "" }
    /^[ \t]*$/ { flush() }
    tolower($1) == "types:" { sub(/^[^:]*:/, ""); types = " " $0 " " }
    tolower($1) == "uris:" { sub(/^[^:]*:/, ""); uris = $0 }
    tolower($1) == "suites:" { sub(/^[^:]*:/, ""); suites = " " $0 " " }
    tolower($1) == "components:" { sub(/^[^:]*:/, ""); comps = " " $0 " " }
    END { flush() }'
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2> /dev/null |
    sed -n 's/^[[:space:]]*deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}//p' |
    awk -v c="$CODENAME" '$2 == c && / main( |$)/ { print $1 }'
}

# --- an apt root of our own: own sources, own state; the machine's proxy settings
APT=$DIR/apt
rm -rf "$APT"
mkdir -p "$APT/etc/apt/preferences.d" "$APT/etc/apt/trusted.gpg.d" "$APT/etc/apt/apt.conf.d" \
  "$APT/etc/apt/sources.list.d" "$APT/var/lib/apt/lists/partial" "$APT/var/lib/dpkg" \
  "$APT/var/cache/apt/archives/partial" "$APT/packages"
: > "$APT/var/lib/dpkg/status"
{
  apt-config dump | grep -E '^Acquire::(http|https|ftp|Retries)' || true
  cat << CONF
Dir "$APT/";
Dir::State::status "$APT/var/lib/dpkg/status";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
APT::Architecture "$ARCH";
APT::Architectures { "$ARCH"; };
APT::Sandbox::User "";
APT::Install-Recommends "false";
Acquire::Languages "none";
// A frozen mirror serves an InRelease file past its age; its signature is checked all the same.
Acquire::Check-Valid-Until "false";
CONF
} > "$APT/apt.conf"
export APT_CONFIG="$APT/apt.conf"

FOUND=
for ARCHIVE in $(archives | sed 's#/*$##' | awk '!seen[$0]++'); do
  echo "deb [signed-by=$KEYRING] $ARCHIVE $SUITE main" > "$APT/etc/apt/sources.list"
  if timeout 60 apt-get -q -o APT::Update::Error-Mode=any update > "$APT/update.log" 2>&1 &&
    apt-cache show asterisk > /dev/null 2>&1; then FOUND=1; break; fi
done
[ -n "$FOUND" ] || { echo "the Debian suite $SUITE cannot be reached" >&2; exit 69; }

# --- download and unpack; when names have moved on, apt works the list out itself (slower, same result)
PACKAGES='asterisk asterisk-modules asterisk-core-sounds-en-gsm
  libbsd0 libc6 libcap2 libcrypt1 libedit2 libgcc-s1 libgsm1 libjansson4 libmd0 libnspr4 libnss3 libsqlite3-0 libsrtp2-1
  libssl3t64 libstdc++6 libsystemd0 libtinfo6 liburiparser1 libuuid1 libxml2-16 libxslt1.1 libzstd1 zlib1g'
cd "$APT/packages"
# shellcheck disable=SC2086 -- the list is meant to be split
if ! apt-get -q download $PACKAGES > "$APT/download.log" 2>&1; then
  PACKAGES=$(apt-get -s install asterisk asterisk-core-sounds-en-gsm | awk '$1 == "Inst" { print $2 }')
  rm -f ./*.deb
  apt-get -q download $PACKAGES > "$APT/download.log" 2>&1 || { echo 'the packages cannot be downloaded' >&2; exit 69; }
fi
rm -rf "$DIR/tree"
mkdir "$DIR/tree"
for deb in ./*.deb; do dpkg-deb -x "$deb" "$DIR/tree"; done
# Transfers by feature code fail without the sound pbx-transfer: point 'en' at the voice.
ln -sfn en_US_f_Allison "$DIR/tree/usr/share/asterisk/sounds/en"
cd "$DIR"
works
rm -rf "$APT"
