#!/bin/sh
# Stands before k6 in the PATH of a runner that k6-operator made: the operator's command line is the same for all runners, and what only one
# of them does is added here. Called with the operator's arguments of k6. In the initializer it puts the script's files together, no more.
set -eu

# The k6 of the image: this folder comes first in PATH, and only here.
PATH=${PATH#*:}
# Runners of k6-operator are counted from 1. Its initializer reads the script as the first does.
index=0
if [ -n "${RUNNER:-}" ]; then index=$((${RUNNER##*-} - 1)); fi

# The operator names the script by its place in the ConfigMap; where files have to be put together it is beside them.
if [ -n "${MORE:-}${SPLIT_FILES:-}" ]; then
  . "$FOLDER/folder.sh"
  for argument; do
    shift
    if [ "$argument" = "$FOLDER/main.js" ]; then argument=$PWD/main.js; fi
    set -- "$@" "$argument"
  done
fi
if [ -z "${RUNNER:-}" ]; then exec k6 "$@"; fi
. "$FOLDER/supervise.sh"

aside() {
  k6 run --quiet --no-summary --no-thresholds --no-usage-report --address "" --log-output stdout --log-format raw \
    --include-system-env-vars=false -e "RUNNERS=$RUNNERS" -e "PEER=$PEER" -e "OWN=$OWN" -e "START_DEADLINE=$START_DEADLINE" -e STARTER=operator "$@" &
}

if [ "$index" -eq 0 ]; then
  aside "$FOLDER/barrier.js"
else
  aside "$FOLDER/ready.js"
  set -- "$@" --no-teardown
fi

# The operator has no deadline for runners, and Jobs' deadlines need a control plane: so the runner ends itself. At the first signal, which this
# shell hands on, k6 ends as usual (iterations at once, then teardown() and its last samples), at the second it ends at once. Nothing of this
# is left when k6 ends: a container ends with its first process.
(
  sleep "$DEADLINE"
  kill -TERM $$
  sleep "$GRACE"
  kill -TERM $$
) </dev/null >/dev/null 2>&1 &

# The last of two equal tags counts; engine job counts from 0.
supervise "$@" --tag "instance_id=$index" -e "PULUMI_K6_RUNNER=$index"
