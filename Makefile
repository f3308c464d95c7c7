# Two commands for a newcomer: `make run` and `make test`. Both install what is missing and say what they do.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ROOT := $(CURDIR)
TOOLS := $(ROOT)/.tools
# A run on a build server keeps its target folder between checkouts; the result does not depend on it.
ifdef CI
export CARGO_TARGET_DIR ?= $(HOME)/.cache/dialyard/target
endif
TARGET := $(or $(CARGO_TARGET_DIR),$(ROOT)/target)
export PATH := $(TOOLS)/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)
SSR := --no-default-features --features ssr
HYDRATE := --no-default-features --features hydrate --lib --target wasm32-unknown-unknown
say = @printf '\n\033[1m==> %s\033[0m\n' "$(1)"

.PHONY: help tools tools-check tools-browser tools-schema tools-clients tools-bench build run test check fmt clippy deny rust-tests schema clients e2e bench bench-search clean

help: ## Lists the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

tools:
	@scripts/tools.sh build
tools-check:
	@scripts/tools.sh check
tools-browser:
	@scripts/tools.sh browser
tools-schema:
	@scripts/tools.sh schema
tools-clients:
	@scripts/tools.sh clients
tools-bench:
	@scripts/tools.sh bench

build: tools ## Builds the release program and the browser's files
	$(call say,Building the release)
	@cargo leptos build --release --split --precompress --js-minify false

run: build ## Starts the demo at http://127.0.0.1:3000
	$(call say,Dialyard demo: http://127.0.0.1:3000)
	@$(TARGET)/release/dialyard serve --demo --site-root $(ROOT)/target/site

test: check rust-tests schema clients e2e ## Runs everything that must hold: check, Rust tests, REST against its reference, other systems' clients, browser tests

check: fmt clippy deny ## Format, clippy without warnings, licences, architecture
	$(call say,Architecture)
	@cargo test $(SSR) --test architecture

fmt: tools-check
	$(call say,Format)
	@cargo fmt --all --check

clippy: tools-check
	$(call say,Clippy on the server half)
	@cargo clippy $(SSR) -- -D warnings
	$(call say,Clippy on the browser half)
	@cargo clippy $(HYDRATE) -- -D warnings

deny: tools-check
	$(call say,Licences and sources of dependencies)
	@cargo deny --log-level error check bans licenses sources

rust-tests: tools-check ## Domain, services and server over real database files
	$(call say,Rust tests)
	@cargo test $(SSR)

schema: build tools-schema ## Tries every REST operation against the reference
	$(call say,REST against its reference)
	@scripts/schemathesis.sh $(TARGET)/release/dialyard

clients: build tools-clients ## Runs other systems' own clients against the release program
	$(call say,Clients of other systems)
	@$(TOOLS)/clients/bin/python scripts/vobiz_client.py $(TARGET)/release/dialyard

e2e: build tools-browser ## Drives the release program in a real browser
	$(call say,Browser tests)
	@cd end2end && DIALYARD_BINARY=$(TARGET)/release/dialyard npx playwright test

bench: build tools-bench ## Prints figures of speed, size and Lighthouse
	$(call say,Figures)
	@DIALYARD_BINARY=$(TARGET)/release/dialyard cargo bench $(SSR) --bench figures --bench rentals --bench rest
	@scripts/bench.sh $(TARGET)/release/dialyard

bench-search: ## Compares the search with SQL's ways at 1, 5 and 10 million numbers
	$(call say,Searches)
	@cargo bench $(SSR) --bench search

clean: ## Removes what was built
	@cargo clean
	@rm -rf $(TOOLS) end2end/node_modules end2end/test-results
