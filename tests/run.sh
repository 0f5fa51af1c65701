#!/usr/bin/env bash
# Installs what the tests need, builds, and runs every suite, in two lanes. Arguments go to `dotnet test`, for example --filter.
# Prints a line for each suite, the slowest tests, and as last line: N passed, N failed[, N skipped]. Fails when a test failed or no test ran.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# A test that has not ended after this time is reported, and its process is ended.
hang_timeout=10m
# A suite that has not ended after this time is ended with all its processes.
suite_timeout=25m

install_packages() {
    local packages=()
    has() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }
    has nginx || packages+=(nginx-light)
    has caddy || packages+=(caddy)
    has chromium || packages+=(chromium)
    has curl || packages+=(curl)
    has node || packages+=(nodejs npm)
    has redis-server || packages+=(redis-server)
    has redis-sentinel || packages+=(redis-sentinel)
    has python3 || packages+=(python3)
    python3 -c 'import yaml' 2>/dev/null || packages+=(python3-yaml)
    has initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || packages+=(postgresql)
    has ip || packages+=(iproute2)
    [ ${#packages[@]} -gt 0 ] || return 0
    local as_root
    as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

install_node_packages() {
    find tests -name package-lock.json -not -path '*/node_modules/*' -printf '%h\n' | while read -r folder; do
        [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] || (cd "$folder" && npm ci --silent --no-audit --no-fund)
    done
}

install_packages
install_node_packages
dotnet build StreamRelay.sln --nologo -v quiet

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# What a run on shared stores need not repeat: tests without a store, with stores of their own, or of clients, whose wires the other tests read on both.
shared_stores_filter=$(printf '&FullyQualifiedName!~StreamRelay.Server.%s.' Api Clients Cluster Packages Startup)

# counter NAME FILE... : the sum of a counter of test results.
counter() { local name=$1; shift; cat /dev/null "$@" 2>/dev/null | grep -oE '<Counters [^>]*' | grep -oE " $name=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }' || true; }

# suite LABEL PROJECT [arguments of dotnet test]: runs one project and prints a line; the whole output too when something went wrong.
suite() {
    local label=$1 project=$2 started=$SECONDS status=0 counts filter=()
    shift 2
    [[ $label != *@cluster || $# -gt 0 ]] || filter=(--filter "${shared_stores_filter#&}")
    timeout --kill-after=30s "$suite_timeout" dotnet test "tests/$project" --no-build --nologo \
        --blame-hang --blame-hang-timeout "$hang_timeout" --blame-hang-dump-type none \
        --logger 'console;verbosity=minimal' --logger "trx;LogFileName=$label.trx" --results-directory "$results/$label" "${filter[@]}" "$@" \
        >"$results/$label.log" 2>&1 </dev/null || status=$?
    [ $# -gt 0 ] || [ "$(counter total "$results/$label"/*.trx)" -gt 0 ] || { [ $status -ne 0 ] || status=1; echo "No test of $label ran." >>"$results/$label.log"; }
    [ $status -eq 0 ] || { echo "$label" >>"$results/failed"; cat "$results/$label.log"; }
    counts="$(counter passed "$results/$label"/*.trx) passed, $(counter failed "$results/$label"/*.trx) failed"
    printf '%-34s %5d s  %s\n' "$label" $((SECONDS - started)) "$counts"
}

# lane LABEL... -- [arguments of dotnet test]: runs suites one after another. A label that ends in @cluster runs on the stores that nodes share.
lane() {
    local labels=()
    while [ "$1" != -- ]; do labels+=("$1"); shift; done
    shift
    for label in "${labels[@]}"; do
        case $label in
            *@cluster) STREAMRELAY_STORE=cluster suite "$label" "${label%@cluster}" "$@" ;;
            *) suite "$label" "$label" "$@" ;;
        esac
    done
}

# Two lanes side by side. The two runs of the server's tests share a lane: they pack the same projects.
mapfile -t others < <(find tests -maxdepth 2 -name '*.Tests.csproj' -printf '%f\n' | sed 's/\.csproj$//' | grep -vE '\.(Server|Cluster|Load)\.Tests$' | sort)
lane StreamRelay.Server.Tests StreamRelay.Server.Tests@cluster -- "$@" &
lane "${others[@]}" -- "$@" &
wait
# The fault matrix judges how long several servers are silent, so it runs alone.
lane StreamRelay.Cluster.Tests -- "$@"
# Hostile load takes the whole machine, and its latencies are compared.
lane StreamRelay.Load.Tests -- "$@"

echo "Slowest tests:"
find "$results" -name '*.trx' -exec grep -ohE '<UnitTestResult [^>]*' {} + | sed -nE 's/.* testName="([^"]*)".* duration="([^"]*)".*/\2 \1/p' | sort -r | awk -v most="${SLOWEST:-10}" 'NR <= most { print "  " $0 }'

mapfile -t trx < <(find "$results" -name '*.trx')
passed=$(counter passed "${trx[@]}")
failed=$(counter failed "${trx[@]}")
skipped=$(counter notExecuted "${trx[@]}")
status=0
[ ! -e "$results/failed" ] || { status=1; echo "Suites that failed: $(sort "$results/failed" | paste -sd ' ')"; }
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || status=1
[ "$skipped" -eq 0 ] && echo "$passed passed, $failed failed" || echo "$passed passed, $failed failed, $skipped skipped"
exit $status
