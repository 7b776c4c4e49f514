#!/usr/bin/env bash
# Every benchmark in a release build: name, figure, limit, verdict. Fails when something can't be measured; a limit that
# is missed is said, and is no failure, since a busy machine misses it too.
set -euo pipefail
cd "$(dirname "$0")/.."
target="${CARGO_TARGET_DIR:-$PWD/target}"
export PATH="$target/tools/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

scripts/setup.sh test
# What is shipped, built as it is shipped; then the benchmarks, whose own dependencies must not change that.
cargo build --locked --release --package hosted --package ctl --package shadowchart --features shadowchart/custom-protocol --bins
cargo build --locked --release --package shadowchart --features shadowchart/custom-protocol --example bare
cargo bench --locked --no-run --package store --package hosted --package workstation --package tests --package speed \
  --bench store --bench host --bench sync --bench unlock --bench start --bench day --bench desk --bench monkey --bench memory
# What others have, to compare with.
if command -v npm >/dev/null; then npm --prefix tests/peers/pouchdb ci --no-audit --no-fund --loglevel=error; fi

table=$(mktemp)
trap 'rm -f "$table"' EXIT
failed=()

# measure WHAT COMMAND...: shows what is being measured, and keeps its lines for the table.
measure() {
  local what=$1
  shift
  echo "── $what (load $(cut -d ' ' -f 1 /proc/loadavg))"
  "$@" | tee -a "$table" || failed+=("$what")
}

measure "The store" cargo bench --locked --quiet --package store --bench store
measure "The host" cargo bench --locked --quiet --package hosted --bench host
measure "The sync" scripts/in-session.sh cargo bench --locked --quiet --package speed --bench sync
measure "The door" cargo bench --locked --quiet --package workstation --bench unlock
measure "The window's start" scripts/in-session.sh cargo bench --locked --quiet --package tests --bench start
measure "A day in the window" scripts/in-session.sh cargo bench --locked --quiet --package tests --bench day
measure "The front desk's work" scripts/in-session.sh cargo bench --locked --quiet --package tests --bench desk
measure "Ten thousand things done in the window" scripts/in-session.sh cargo bench --locked --quiet --package tests --bench monkey
measure "An hour at a computer of the office" scripts/in-session.sh cargo bench --locked --quiet --package tests --bench memory

echo
grep ' | ' "$table" | awk -F ' [|] ' '
  { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > wide[i]) wide[i] = length($i) } }
  END { for (r = 1; r <= NR; r++) { line = ""; for (i = 1; i <= 4; i++) line = line sprintf("%-" wide[i] "s  ", cell[r, i]); print line } }'
echo "On $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg) at the end."
if [ ${#failed[@]} -gt 0 ]; then
  printf 'Not measured: %s\n' "${failed[@]}" >&2
  exit 1
fi
