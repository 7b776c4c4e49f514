# The daily commands. `make help` lists them.

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

# The same selection and features for every step, so that nothing is compiled twice.
FEATURES := --features shadowchart/custom-protocol
ALL := --workspace $(FEATURES)
TARGET := $(or $(CARGO_TARGET_DIR),target)
export PATH := $(abspath $(TARGET))/tools/bin:$(HOME)/.cargo/bin:$(PATH)

UI_SOURCES := $(shell find ui/src ui/public -type f 2>/dev/null) ui/index.html ui/vite.config.ts ui/svelte.config.js

.DEFAULT_GOAL := help
.PHONY: help run test lint fmt bench bindings icons tour package clean build ui

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## a demo practice, its host and the desktop app; Ctrl-C ends all
	@scripts/setup.sh run
	@$(MAKE) ui
	cargo build --locked $(ALL) --bins
	@exec scripts/run.sh

test: ## everything: rules, Rust, UI, real windows
	@scripts/test.sh

lint: ui ## formatting and lints of Rust and TypeScript
	cargo fmt --all --check
	cargo clippy --locked $(ALL) --all-targets -- --deny warnings
	npm --prefix ui run --silent lint
	npm --prefix ui run --silent check
	@scripts/deny.sh

fmt: ## formats the Rust
	cargo fmt --all

bench: ui ## benchmarks, each beside its limit
	scripts/bench.sh

bindings: ## writes ui/src/gen/bindings.ts from the commands
	UPDATE_BINDINGS=1 cargo nextest run --locked $(ALL) -E 'binary(bindings)'

icons: ui/node_modules/.installed ## writes icons/ from icons/source.svg
	npm exec --yes --package=@tauri-apps/cli@2.12.5 -- tauri icon $(abspath icons/source.svg) -o $(abspath $(TARGET))/icons
	cp $(TARGET)/icons/{32x32.png,128x128.png,128x128@2x.png,icon.icns,icon.ico,icon.png} icons/

tour: ## the pictures of the README and the documents, from the running program
	@scripts/setup.sh tour
	@$(MAKE) build
	rm -f $(TARGET)/screenshots/tour-*
	scripts/in-session.sh cargo nextest run --locked $(ALL) --run-ignored only -E 'binary_id(tests::e2e) and test(tour)'
	mkdir -p docs/pictures
	for picture in $(TARGET)/screenshots/tour-*.png; do convert $$picture +dither -colors 200 PNG8:docs/pictures/$${picture##*/tour-}; done

package: ui ## .deb and .rpm in target/release/bundle
	@scripts/setup.sh run
	cd src-tauri && npm exec --yes --package=@tauri-apps/cli@2.12.5 -- tauri build

clean: ## removes what was built and the demo's data; keeps the fetched tools
	cargo clean --profile dev
	cargo clean --profile release
	rm -rf ui/dist ui/dist-fixture ui/node_modules run

build: ui ## programs and tests
	cargo build --locked $(ALL) --bins --tests

ui: ui/dist/index.html

ui/dist/index.html: ui/node_modules/.installed $(UI_SOURCES)
	npm --prefix ui run --silent build

ui/node_modules/.installed: ui/package-lock.json
	npm --prefix ui ci --no-audit --no-fund --loglevel=error
	@touch $@
