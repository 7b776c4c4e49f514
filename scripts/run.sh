#!/usr/bin/env bash
# `make run`: a host with a demo practice, this computer enrolled, the desktop app on it. Ctrl-C ends all of it.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/session/processes.sh
source scripts/session/display.sh
source scripts/session/keyring.sh

bin="${CARGO_TARGET_DIR:-target}/debug"
# Where the demo lives; another folder is another demo.
run="${SHADOWCHART_RUN:-run}"
mkdir -p "$run"
chmod 0700 "$run"
data=$run/host home=$run/home demo=$run/demo.json
room=$(mktemp -d "${TMPDIR:-/tmp}/shadowchart-run.XXXXXX")
leave() {
  trap - EXIT INT TERM
  end_marked
  rm -rf "$room"
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

field() { node -e 'let d=JSON.parse(require("fs").readFileSync(0,"utf8"));for(const k of process.argv[1].split("."))d=d[k];console.log(d)' "$1"; }

if [ ! -e "$demo" ]; then
  echo "Making an invented practice in $data (once)."
  rm -rf "$data" "$home"
  # Who waits and who is done fits the clock on the demo's wall.
  "$bin/shadowchart-hosted" --json demo --data "$data" --time "$(TZ=America/New_York date +%H:%M)" >"$demo.new"
  mv "$demo.new" "$demo"
fi
practice=$(field practice <"$demo")
ca=$(field ca <"$demo")

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo "There is no display, so the window opens on a virtual one."
  start_display 1366x768 "$room"
  virtual=yes
fi
if ! has_keyring; then
  echo "There is no keyring on this session's bus, so the demo brings its own, kept in $run/keyring."
  mkdir -p "$run"/keyring
  start_bus "$room"
  # It stays with the demo: the next start needs what it holds.
  XDG_DATA_HOME="$(realpath "$run")/keyring" start_keyring "$room" "the demo's keyring"
fi

# The address is part of the enrolment, so the port is chosen once.
[ -e "$run"/port ] || node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})' >"$run"/port
port=$(cat "$run"/port)
host="https://localhost:$port"
"$bin/shadowchart-hosted" serve --data "$data" --listen "127.0.0.1:$port" >"$run"/host.log 2>&1 </dev/null &
serving=$!
answers() { curl --silent --fail --max-time 2 --cacert "$ca" "$host/health"; }
wait_until 30 "The host's answer" answers || { cat "$run"/host.log >&2; exit 1; }
# Something else may answer on that port.
kill -0 "$serving" 2>/dev/null || { cat "$run"/host.log >&2; exit 1; }

if [ ! -e "$home/workstation.json" ]; then
  code=$("$bin/shadowchart-hosted" --json enrol-code --data "$data" --practice "$practice" | field code)
  "$bin/shadowctl" --home "$home" enrol --host "$host" --ca "$ca" --code "$code" --name "Front desk" >/dev/null
fi

echo
echo "The practice is served at $host (process $serving; stop it with: kill $serving). Sign in as one of:"
echo
node -e '
  const members = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).members;
  const wide = (key) => Math.max(...members.map((m) => m[key].length));
  for (const m of members) console.log(`  ${m.email.padEnd(wide("email"))}  ${m.password.padEnd(wide("password"))}  ${m.role}`);
' "$demo"
echo
echo "Ctrl-C ends everything."
"$bin/shadowchart" --home "$home" >"$run"/window.log 2>&1 </dev/null &
window=$!

if [ -n "${virtual:-}" ]; then
  painted() { import -silent -window root "$room/screen.png" && [ "$(identify -format %k "$room/screen.png")" -gt 8 ]; }
  wait_until 60 "The window's first picture" painted || { cat "$run"/window.log >&2; exit 1; }
  cp "$room/screen.png" "$run"/screen.png
  echo "The picture of the screen is $run/screen.png."
  if [ -n "${CI:-}${RUN_ONCE:-}" ]; then exit 0; fi
fi
# In the background, so that Ctrl-C is answered at once; the window's own cross ends everything too.
if wait "$window"; then
  echo "The window was closed, so the demo ends."
else
  status=$?
  echo "The window ended with status $status. Its last words:" >&2
  tail -n 20 "$run/window.log" >&2
  exit "$status"
fi
