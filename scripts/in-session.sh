#!/usr/bin/env bash
# Runs a command in a desktop session of its own: home, message bus, open keyring and screen are new and go with it.
# Usage: scripts/in-session.sh COMMAND [ARGUMENT...]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/session/processes.sh"
source "$here/session/display.sh"
source "$here/session/keyring.sh"

[ $# -gt 0 ] || { echo "Usage: scripts/in-session.sh COMMAND [ARGUMENT...]" >&2; exit 2; }

# The compilers' and npm's own folders stay where they are: a private home must not mean to fetch everything again.
export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}"
export RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
export npm_config_cache="${npm_config_cache:-$HOME/.npm}"

room=$(mktemp -d "${TMPDIR:-/tmp}/shadowchart-session.XXXXXX")
leave() {
  end_marked
  rm -rf "$room"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir -m 0700 "$room/runtime" "$room/home"
export XDG_RUNTIME_DIR="$room/runtime" HOME="$room/home"
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME

start_display 1920x1200 "$room"
start_bus "$room"
start_keyring "$room" "a password for one session"

# In the background, so that a signal to this script is answered at once and not after the command.
"$@" <&0 &
wait $!
