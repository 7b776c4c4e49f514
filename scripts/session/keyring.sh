# Sourced after processes.sh. A message bus and an open keyring of their own.

# Whether the present bus has, or can start, a keyring service.
has_keyring() {
  [ -n "${DBUS_SESSION_BUS_ADDRESS:-}" ] &&
    command -v gdbus >/dev/null &&
    gdbus call --session --timeout 5 --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
      --method org.freedesktop.Secret.Service.ReadAlias default 2>/dev/null | grep -q '/collection/'
}

# start_bus FOLDER: sets DBUS_SESSION_BUS_ADDRESS.
start_bus() {
  local address="$1/bus-address"
  dbus-daemon --session --nofork --nopidfile --print-address=3 3>"$address" >"$1/bus.log" 2>&1 </dev/null &
  wait_until 20 "The message bus's start" test -s "$address" || { cat "$1/bus.log" >&2; return 1; }
  DBUS_SESSION_BUS_ADDRESS=$(head -n 1 "$address")
  export DBUS_SESSION_BUS_ADDRESS
}

# start_keyring FOLDER PASSWORD: a Secret Service with an unlocked default collection.
start_keyring() {
  # Nobody may call the service before our own has its name: the bus would start another one, which is locked.
  printf %s "$2" | gnome-keyring-daemon --unlock --foreground --components=secrets >"$1/keyring.log" 2>&1 &
  gdbus wait --session --timeout 20 org.freedesktop.secrets &&
    wait_until 20 "The keyring's opening" has_keyring || { cat "$1/keyring.log" >&2; return 1; }
}
