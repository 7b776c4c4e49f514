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

# keep_keyring PASSWORD: the service, and again when it traps. gnome-keyring 42 does when a client is killed while its
# answer is made ("g_variant_new: expected GVariant of type 'v'"); what it keeps lies in its file.
keep_keyring() {
  local trapped=$((128 + $(kill -l TRAP))) status
  while
    status=0
    printf %s "$1" | gnome-keyring-daemon --unlock --foreground --components=secrets || status=$?
    [ "$status" -eq "$trapped" ]
  do
    echo "The keyring trapped, and is started again."
  done
}

# start_keyring FOLDER PASSWORD: a Secret Service with an unlocked default collection.
start_keyring() {
  # Nobody may call the service before our own has its name: the bus would start another one, which is locked.
  keep_keyring "$2" >"$1/keyring.log" 2>&1 &
  gdbus wait --session --timeout 20 org.freedesktop.secrets &&
    wait_until 20 "The keyring's opening" has_keyring || { cat "$1/keyring.log" >&2; return 1; }
}
