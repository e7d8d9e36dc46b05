#!/bin/sh
# Starts the runner of this pod. Arguments are passed on to `k6 run`.
# exec makes k6 the container's first process, so that the kubelet's SIGTERM at the deadline reaches it: a shell would swallow it.
set -eu

index=$JOB_COMPLETION_INDEX

# Prints the piece of the sequence ("0,1/3,2/3,1") that is this runner's.
segment() {
  shift "$index"
  echo "$1:$2"
}
IFS=,
# shellcheck disable=SC2086
segment=$(segment $SEQUENCE)
unset IFS

cd "${0%/*}"

# Files of which each runner has its own part take its name in a copy of the folder, which itself cannot be written.
if [ -n "${SPLIT_FILES:-}" ]; then
  copy=$(mktemp -d)
  cp -L ./* "$copy"
  cd "$copy"
  for file in $SPLIT_FILES; do
    mv "$file.$index" "$file"
  done
fi

# Teardown runs once, in runner 0; so does setup, which the barrier calls.
if [ "$index" -eq 0 ]; then
  k6 run --quiet --no-summary --no-thresholds --no-usage-report --address "" --log-output stdout --log-format raw \
    --include-system-env-vars=false -e "RUNNERS=$RUNNERS" -e "PEER=$PEER" -e "START_DEADLINE=$START_DEADLINE" barrier.js &
else
  set -- "$@" --no-teardown
fi

exec k6 run --paused --no-setup --address "$ADDRESS" --quiet --no-color --no-usage-report --include-system-env-vars=false \
  --execution-segment "$segment" --execution-segment-sequence "$SEQUENCE" \
  --tag "testid=$RUN" --tag "instance_id=$index" -e "PULUMI_K6_TOTALS=$TOTALS" "$@" "${MAIN:-main.js}"
