#!/bin/sh
# Stands before k6 in the PATH of a runner that k6-operator made: the operator's command line is the same for all runners, and what only one
# of them does is added here. Called with the operator's arguments of k6.
set -eu

# The k6 of the image: this folder comes first in PATH, and only here.
PATH=${PATH#*:}
# Runners of k6-operator are counted from 1.
index=$((${RUNNER##*-} - 1))

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

# The last of two equal tags counts; engine job counts from 0.
exec k6 "$@" --tag "instance_id=$index" -e "PULUMI_K6_RUNNER=$index"
