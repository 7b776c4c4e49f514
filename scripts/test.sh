#!/usr/bin/env bash
# Every test, cheapest first. Each step says how long it took; the windows come last, and their count closes the run.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="${CARGO_TARGET_DIR:-$PWD/target}/tools/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
# The same selection for every step, so that nothing is compiled twice.
all=(--locked --workspace --features shadowchart/custom-protocol,hosted/otel)

step() {
  local what=$1 began=$SECONDS
  shift
  echo "── $what"
  if ! "$@"; then
    echo "── $what failed after $((SECONDS - began)) s" >&2
    exit 1
  fi
  echo "── $what: $((SECONDS - began)) s"
}

step "Set-up" scripts/setup.sh test
step "Format" cargo fmt --all --check
step "Page: build" make ui
step "Page: types" npm --prefix ui run --silent check
step "Page: lint" npm --prefix ui run --silent lint
step "Page: tests" npm --prefix ui run --silent test
# The lints come with the build: looking by themselves they would read every dependency once more.
export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__
step "Build, with lints" cargo build "${all[@]}" --all-targets
step "Dependencies" scripts/deny.sh
step "Examples in the documentation" cargo test "${all[@]}" --doc
step "Page: accessibility and keyboard" scripts/in-session.sh npm --prefix ui run --silent check:browser
step "Tests" scripts/in-session.sh cargo nextest run "${all[@]}"
# The store's and the host's laws once more, on the other database.
step "Host on PostgreSQL" scripts/postgres.sh with cargo nextest run "${all[@]}" -E '
  (package(hosted) & kind(lib) & test(store::) & !test(/(shared|fenced)::/)) |
  (binary_id(hosted::host) & !test(/^(several|kept_backups|smuggling|limits|tls|quiet_logs|command_line|authority|scanned|deployed|given_certificate|operator_key|mail_tls|full_disk|drill_on_postgres)::/))'
