#!/usr/bin/env bash
# A private PostgreSQL for tests, in a folder of its own, reached by a socket there: no port, no password, no other user.
# Usage: scripts/postgres.sh start FOLDER         makes it where the folder is empty, and starts it
#        scripts/postgres.sh stop FOLDER [MODE]   MODE as pg_ctl has it: smart, fast, immediate
#        scripts/postgres.sh with COMMAND…        runs COMMAND beside one, which goes with it; SHADOWCHART_TEST_POSTGRES
#                                                 says where it is
# In a new one the role `host` is the host's, and the database `practices` is ready for practices, or for copies.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -x "$bin/initdb" ] || { echo "PostgreSQL is missing: scripts/setup.sh test installs it." >&2; exit 1; }

# PostgreSQL does not run as root. Its files are then nobody's.
as() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/ "$@"; else "$@"; fi
}

start() {
  local new=
  if [ ! -e "$1/data/PG_VERSION" ]; then
    new=yes
    mkdir -p "$1"
    [ "$(id -u)" != 0 ] || chown 65534:65534 "$1"
    as "$bin/initdb" --pgdata="$1/data" --username=owner --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  fi
  as "$bin/pg_ctl" --pgdata="$1/data" --log="$1/log" --wait --silent \
    --options="-c listen_addresses='' -c unix_socket_directories='$1' -c max_connections=300" start >&2
  [ -n "$new" ] || return 0
  "$bin/psql" --quiet --host="$1" --username=owner --dbname=postgres \
    --command="create role host login" --command="create database practices"
  "${SHADOWCHART_HOSTED:-${CARGO_TARGET_DIR:-$root/target}/debug/shadowchart-hosted}" database \
    --database "host=$1 user=owner dbname=practices" --role host >&2
}

stop() {
  as "$bin/pg_ctl" --pgdata="$1/data" --wait --silent --mode="${2:-fast}" stop >&2
}

case "${1:-}" in
  start) start "$(realpath -m "$2")" ;;
  stop) stop "$(realpath "$2")" "${3:-fast}" ;;
  with)
    shift
    folder=$(mktemp -d "${TMPDIR:-/tmp}/shadowchart-postgres.XXXXXX")
    leave() { stop "$folder" immediate || true; rm -rf "$folder"; }
    trap leave EXIT
    start "$folder"
    SHADOWCHART_TEST_POSTGRES="$folder" "$@"
    ;;
  *) echo "Usage: scripts/postgres.sh start FOLDER | stop FOLDER [MODE] | with COMMAND…" >&2; exit 2 ;;
esac
