# shellcheck shell=bash
# start_server URL COMMAND…: runs a server at the URL in the background, in place of the one that is there, and returns when it is ready.
start_server() {
    local url=$1 pid=$DOCS_FOLDER/.server-${1##*:}
    shift
    if [ -f "$pid" ]; then
        kill "$(cat "$pid")" 2>/dev/null || true
        for _ in $(seq 200); do kill -0 "$(cat "$pid")" 2>/dev/null || break; sleep 0.05; done
    fi

    : >"$pid.log"
    "$@" --urls="$url" >"$pid.log" 2>&1 &
    echo $! >"$pid"
    until grep -q 'Application started' "$pid.log"; do
        kill -0 "$(cat "$pid")" 2>/dev/null || { cat "$pid.log"; return 1; }
        sleep 0.05
    done
    cat "$pid.log"
}
