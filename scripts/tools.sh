#!/usr/bin/env bash
# Installs what a build or a test needs and is missing. What is there already is left alone.
#   tools.sh build    compiler target, cargo-leptos, wasm-bindgen, wasm-opt, sass
#   tools.sh check    also cargo-deny
#   tools.sh browser  Playwright and a Chromium
#   tools.sh schema   schemathesis
#   tools.sh clients  other systems' own clients
#   tools.sh bench    also Lighthouse
set -euo pipefail
cd "$(dirname "$0")/.."

CARGO_LEPTOS=0.3.10
WASM_BINDGEN=$(sed -n 's/^wasm-bindgen = { version = "=\([0-9.]*\)".*/\1/p' Cargo.toml)
CARGO_DENY=0.20.2
SCHEMATHESIS=4.32.0
VOBIZ_PYTHON=0.1.1
LIGHTHOUSE=12.8
TOOLS=.tools
export PATH="$PWD/$TOOLS/node_modules/.bin:$HOME/.cargo/bin:$PATH"

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
have() { command -v "$1" >/dev/null 2>&1; }
version_is() { "$1" --version 2>/dev/null | grep -qF "$2"; }
# Debug builds of the tools are fast enough and take half the time to make.
cargo_tool() {
  say "Installing $1 $2 (once)"
  CARGO_TARGET_DIR="$(mktemp -d)" cargo install "$1" --version "$2" --debug "${@:3}"
}
debian() {
  if have apt-get && [ "$(id -u)" = 0 ]; then
    say "Installing $* from Debian's packages"
    apt-get install -y "$@" >/dev/null 2>&1 || { apt-get update >/dev/null && apt-get install -y "$@" >/dev/null; }
  else
    echo "Please install: $*" >&2
    return 1
  fi
}

node_tools() {
  have npm || debian nodejs npm
  # Debian's binaryen 108 exports the wrong table to wasm-bindgen's script, and no page comes alive: it is never used.
  if [ ! -x "$TOOLS/node_modules/.bin/sass" ] || [ ! -x "$TOOLS/node_modules/.bin/wasm-opt" ]; then
    say "Installing sass and wasm-opt into $TOOLS"
    mkdir -p "$TOOLS"
    npm install --prefix "$TOOLS" --no-save --no-audit --no-fund --loglevel error sass@1.108 binaryen@132.0.0
  fi
}

build_tools() {
  have cc || debian build-essential
  if have rustup && ! rustup target list --installed | grep -q wasm32-unknown-unknown; then
    say "Adding the compiler's browser target"
    rustup target add wasm32-unknown-unknown
  fi
  node_tools
  version_is cargo-leptos "$CARGO_LEPTOS" || cargo_tool cargo-leptos "$CARGO_LEPTOS" --locked
  version_is wasm-bindgen "$WASM_BINDGEN" || cargo_tool wasm-bindgen-cli "$WASM_BINDGEN"
}

check_tools() {
  cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
  cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
  version_is cargo-deny "$CARGO_DENY" || cargo_tool cargo-deny "$CARGO_DENY" --locked
}

browser_tools() {
  node_tools
  if [ ! -d end2end/node_modules/@playwright/test ]; then
    say "Installing the browser tests' packages"
    (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --silent)
  fi
  if [ -x /usr/bin/chromium ] || [ -x /usr/bin/google-chrome ]; then return; fi
  if ! debian chromium; then
    say "Fetching Playwright's own Chromium"
    (cd end2end && npx playwright install chromium)
  fi
}

schema_tools() {
  if version_is "$TOOLS/python/bin/schemathesis" "$SCHEMATHESIS"; then return; fi
  have python3 || debian python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
  say "Installing schemathesis $SCHEMATHESIS into $TOOLS"
  python3 -m venv "$TOOLS/python"
  "$TOOLS/python/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$SCHEMATHESIS"
}

client_tools() {
  if "$TOOLS/clients/bin/pip" show vobiz-python 2>/dev/null | grep -qxF "Version: $VOBIZ_PYTHON"; then return; fi
  have python3 || debian python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
  say "Installing vobiz-python $VOBIZ_PYTHON into $TOOLS"
  python3 -m venv "$TOOLS/clients"
  "$TOOLS/clients/bin/pip" install --quiet --disable-pip-version-check "vobiz-python==$VOBIZ_PYTHON"
}

bench_tools() {
  browser_tools
  if [ -d "$TOOLS/lighthouse/node_modules/lighthouse" ]; then return; fi
  say "Installing Lighthouse $LIGHTHOUSE into $TOOLS"
  mkdir -p "$TOOLS/lighthouse"
  npm install --prefix "$TOOLS/lighthouse" --no-save --no-audit --no-fund --loglevel error "lighthouse@$LIGHTHOUSE"
}

case "${1:-build}" in
  build) build_tools ;;
  check) build_tools; check_tools ;;
  browser) browser_tools ;;
  schema) schema_tools ;;
  clients) client_tools ;;
  bench) bench_tools ;;
  *) echo "usage: tools.sh build|check|browser|schema|clients|bench" >&2; exit 2 ;;
esac
