# Sourced. Every process a script starts carries the script's mark in its environment, so that all of them, and
# what they started in turn, can be found and ended by id, and nothing else is ever touched.

session_mark="run-$$-$(date +%s%N)"
# A session inside a session keeps the outer mark too: the outer one still finds everything.
export SHADOWCHART_MARK="${SHADOWCHART_MARK:-}:$session_mark"

# The ids of all processes that carry the mark, but for this script itself.
marked() {
  local environ pid
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}
    pid=${pid%/environ}
    [ "$pid" = "$$" ] || [ "$pid" = "$BASHPID" ] && continue
    if grep -qsF -- "$session_mark" "$environ"; then echo "$pid"; fi
  done
  return 0
}

# Asks all of them to end, waits up to ten seconds, then insists.
end_marked() {
  local pids signal try
  for signal in TERM KILL; do
    pids=$(marked)
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086 # one id a word
    kill -s "$signal" $pids 2>/dev/null || true
    for try in $(seq 100); do
      [ -n "$(marked)" ] || return 0
      sleep 0.1
    done
  done
}

# wait_until SECONDS WHAT COMMAND...: asks ten times a second until the command succeeds.
wait_until() {
  local seconds=$1 what=$2 try
  shift 2
  for try in $(seq $((seconds * 10))); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  echo "$what did not happen within $seconds seconds." >&2
  return 1
}
