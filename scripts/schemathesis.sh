#!/usr/bin/env bash
# Tries every operation of the REST API against what its reference says, on a demo of its own (schemathesis.toml).
#   schemathesis.sh PROGRAM [what to pass on]
set -euo pipefail
cd "$(dirname "$0")/.."
program=$1
shift
tools=.tools/python/bin
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

port=$("$tools/python" -c 'import socket; probe = socket.socket(); probe.bind(("127.0.0.1", 0)); print(probe.getsockname()[1])')
url="http://127.0.0.1:$port"
"$program" serve --demo --data-dir "$work/data" --listen "127.0.0.1:$port" --site-root target/site --log warn \
  --key-requests-per-second 0 >/dev/null 2>"$work/log" &
server=$!
until curl -fs "$url/readyz" >/dev/null; do
  kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.1
done

token() { "$tools/python" -c 'import json, sys; print(next(key["token"] for key in json.load(open(sys.argv[1]))["keys"] if key["name"] == sys.argv[2]))' "$work/data/demo.json" "$1"; }
DIALYARD_KEY=$(token admin)
DIALYARD_OTHER_KEY=$(token other)
DIALYARD_PLATFORM_KEY=$("$program" admin key create Schemathesis --scopes admin:read,admin:write,admin:override --data-dir "$work/data" | tail -n 1)
export DIALYARD_KEY DIALYARD_OTHER_KEY DIALYARD_PLATFORM_KEY
# The dictionaries stand beside the settings that name them.
cp schemathesis.toml "$work/"
"$tools/python" scripts/schemathesis_ids.py "$url/api/v1" "$DIALYARD_KEY" "$DIALYARD_OTHER_KEY" "$work"

status=0
"$tools/schemathesis" --config-file "$work/schemathesis.toml" run "$url/api/v1/openapi.json" "$@" || status=$?
# A key that ended on the way would leave the rest of the run without a chance to fail.
for key in "$DIALYARD_KEY:/organization" "$DIALYARD_OTHER_KEY:/keys" "$DIALYARD_PLATFORM_KEY:/admin/orders"; do
  curl -fsS -o /dev/null -H "Authorization: Bearer ${key%%:*}" "$url/api/v1${key#*:}" || { echo "A key of the run is refused at ${key#*:}." >&2; status=1; }
done
if [ -s "$work/log" ]; then
  echo "The server's log:" >&2
  tail -n 40 "$work/log" >&2
fi
exit "$status"
