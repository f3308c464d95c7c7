#!/usr/bin/env bash
# Prints what the release program and its browser files weigh, how fast the search page answers over HTTP, and what a browser says of it.
#   bench.sh PROGRAM
set -euo pipefail
cd "$(dirname "$0")/.."
program=$1
site=target/site
data=$(mktemp -d)
port=3977
trap 'kill "$server" 2>/dev/null; rm -rf "$data"' EXIT

begun=$(date +%s.%N)
"$program" serve --demo --data-dir "$data" --listen "127.0.0.1:$port" --site-root "$site" --log warn >/dev/null &
server=$!
until curl -fs "http://127.0.0.1:$port/readyz" >/dev/null; do sleep 0.1; done
printf 'first start with --demo: %.1f s\n' "$(echo "$(date +%s.%N) - $begun" | bc)"

page() { curl -s -o /dev/null -w "%{time_starttransfer} s to the first byte, %{time_total} s to the last, %{size_download} bytes\n" "http://127.0.0.1:$port$1"; }
for path in '/' '/?q=CAFE' '/?q=00&at=ends&state=CA' '/?q=FLOWERS&area=206&strict=1'; do
  page "$path" >/dev/null
  printf '%-32s %s' "$path" "$(page "$path")"; echo
done
printf 'resident: %s\n' "$(awk '/VmRSS/ {print $2 " " $3}' "/proc/$server/status")"

# What the first page fetches: the files that its HTML names.
total=0
for file in $(curl -s "http://127.0.0.1:$port/" | grep -oE '/pkg/[^"]+\.(js|wasm|css)' | sort -u); do
  size=$(stat -c %s "$site$file.br" 2>/dev/null || stat -c %s "$site$file")
  printf '%9d  %s\n' "$size" "$file"
  total=$((total + size))
done
echo "first page: $((total / 1024)) KiB as it is sent"

node scripts/lighthouse.mjs "http://127.0.0.1:$port" "$data/demo.json"
