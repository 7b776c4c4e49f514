#!/usr/bin/env bash
# Licences, sources and bans of the dependencies, where cargo-deny is installed: building it takes longer than all our
# tests, so a machine without it goes on and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v cargo-deny >/dev/null; then
  cargo deny --offline --all-features check bans licenses sources
else
  echo "cargo-deny is not installed, so licences and sources were not checked (cargo install cargo-deny --locked)."
fi
