#!/usr/bin/env bash
# Installs what the tests need and runs every test. Last line: N passed, N failed.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || packages+=(nginx-light)
command -v chromium >/dev/null || packages+=(chromium)
command -v curl >/dev/null || packages+=(curl)
command -v node >/dev/null || packages+=(nodejs npm)
command -v redis-server >/dev/null || packages+=(redis-server)
command -v python3 >/dev/null || packages+=(python3)
command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || packages+=(postgresql)
command -v ip >/dev/null || [ -x /usr/sbin/ip ] || packages+=(iproute2)
if [ ${#packages[@]} -gt 0 ]; then
    as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

find tests -name package-lock.json -not -path '*/node_modules/*' -printf '%h\n' | while read -r folder; do
    [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] || (cd "$folder" && npm ci --silent --no-audit --no-fund)
done

dotnet build StreamRelay.sln --nologo -v quiet
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0
run() { dotnet test "$@" --no-build --nologo -m:1 --logger "console;verbosity=minimal" --logger "trx" --results-directory "$results" || status=$?; }
run StreamRelay.sln "$@"

# The whole server again, on the stores that nodes share.
STREAMRELAY_STORE=cluster run tests/StreamRelay.Server.Tests "$@"

count() { cat "$results"/*.trx | grep -oE "<Counters [^>]*" | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count passed)
failed=$(count failed)
skipped=$(count notExecuted)
[ "$skipped" -eq 0 ] && echo "$passed passed, $failed failed" || echo "$passed passed, $failed failed, $skipped skipped"
exit $status
