# Sourced after processes.sh. A screen that nobody looks at.

# start_display WIDTHxHEIGHT FOLDER: sets DISPLAY. The server picks a free number and writes it when it is ready.
start_display() {
  local number="$2/display"
  Xvfb -displayfd 3 -screen 0 "$1x24" -nolisten tcp 3>"$number" >"$2/xvfb.log" 2>&1 </dev/null &
  wait_until 20 "The virtual display's start" test -s "$number" || { cat "$2/xvfb.log" >&2; return 1; }
  DISPLAY=":$(cat "$number")"
  export DISPLAY
  unset WAYLAND_DISPLAY
}
