#!/bin/sh
# An agent that runs anywhere: takes a task's id, pushes what it says with curl.
set -eu
push() {
  curl -sS --fail --retry 5 --retry-connrefused -o /dev/null ${STREAMRELAY_KEY:+-H "Authorization: Bearer $STREAMRELAY_KEY"} \
    -H "Producer-Id: sample" -H "Producer-Epoch: 0" -H "Producer-Seq: $sequence" "$STREAMRELAY_URL/v1/tasks/$task/events" -d "$1"
  sequence=$((sequence + 1))
}
task=$1 sequence=0
push '{"event_type":"thought","content":"Counting."}'
for number in 1 2 3; do push "{\"event_type\":\"output\",\"content\":\"$number \"}"; done
push '{"event_type":"end"}'
