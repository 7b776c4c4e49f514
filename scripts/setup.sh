#!/usr/bin/env bash
# Installs what is missing to build and run (`run`), to test as well (`test`), or to make the pictures (`tour`), on Debian 12 and
# Ubuntu 24.04.
# Looks before it acts: with everything in place it says nothing and takes a fraction of a second.
set -euo pipefail
cd "$(dirname "$0")/.."

build=(build-essential pkg-config libwebkit2gtk-4.1-dev libssl-dev libdbus-1-dev file curl)
# A tray icon is loaded when the program runs, so the compiler does not miss it.
build+=(libayatana-appindicator3-dev)
session=(xvfb dbus gnome-keyring imagemagick libglib2.0-bin fonts-dejavu-core procps)
test=(webkit2gtk-driver xauth dbus-x11 libsecret-tools xdotool python3-dbusmock python3-aiosmtpd chromium restic)
# What reads a PDF back.
test+=(poppler-utils)
# What looks at the host from outside.
test+=(testssl.sh systemd)
test+=(postgresql)
# Every patient's name is legible in a picture.
tour=(fonts-wqy-microhei fonts-tlwg-loma fonts-lohit-deva)

case "${1:-}" in
  run) packages=("${build[@]}")
    # A computer without a screen or a keyring gets a virtual one.
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || ! [ -x /usr/bin/gdbus ]; then packages+=("${session[@]}"); fi ;;
  test) packages=("${build[@]}" "${session[@]}" "${test[@]}") ;;
  tour) packages=("${build[@]}" "${session[@]}" "${test[@]}" "${tour[@]}") ;;
  *) echo "Usage: scripts/setup.sh run|test|tour" >&2; exit 2 ;;
esac

say_missing_toolchain() {
  echo "Shadowchart needs $1, which is not on the path. $2" >&2
  exit 1
}
command -v cargo >/dev/null || say_missing_toolchain "Rust 1.95 or later" "https://rustup.rs installs it."
command -v npm >/dev/null || say_missing_toolchain "Node.js 20 or later with npm" "https://nodejs.org has it."

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || { echo "This is not Debian or Ubuntu. Install what these packages hold, and start again: ${missing[*]}" >&2; exit 1; }
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Ask an administrator to install: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
    echo "These system packages are missing and will be installed with sudo, which may ask for your password:"
  else
    echo "These system packages are missing and will be installed:"
  fi
  printf '  %s\n' "${missing[@]}"
  # The lock waits for another apt instead of failing beside it.
  install() {
    "${as_root[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 update &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
        install --no-install-recommends "${missing[@]}" >/dev/null
  }
  install || { echo "The first try failed; trying once more." >&2; install; }
fi

[ "$1" != run ] || exit 0

# tool PROGRAM CRATE VERSION: built from source into target/tools, once, where the machine has none.
tools="${CARGO_TARGET_DIR:-target}/tools"
tool() {
  if [ -x "$tools/bin/$1" ] || command -v "$1" >/dev/null; then return 0; fi
  echo "Building $1 $3 into $tools (once)."
  cargo install "$2" --version "$3" --locked --root "$tools" --quiet
}
tool tauri-driver tauri-driver 2.1.0
tool cargo-nextest cargo-nextest 0.9.143

# HL7's examples of FHIR R4 (CC0), which the window must show whatever they hold; without what only describes the standard.
examples="$tools/fhir-r4-examples"
if ! [ -d "$examples" ]; then
  rm -rf "$examples.part"
  mkdir -p "$examples.part"
  archive="$examples.part/examples.tgz"
  curl -sSfL --retry 3 -o "$archive" https://registry.npmjs.org/hl7.fhir.r4.examples/-/hl7.fhir.r4.examples-4.0.1.tgz
  echo "0d705d21939e41a48a220094ef0e87382eecc3fe81cf29668a92e4056e1ffffa53f8173de31fbc2c89b04ddbda35384f2683b3a41cefc40ccdaa37aedd7ff32f  $archive" | sha512sum --check --quiet
  tar -xzf "$archive" -C "$examples.part" --strip-components=1 --wildcards 'package/*-*.json' \
    --exclude='*/'{SearchParameter,ValueSet,CodeSystem,StructureDefinition,ConceptMap,OperationDefinition,CapabilityStatement,Bundle}'-*'
  rm "$archive"
  mv "$examples.part" "$examples"
fi
