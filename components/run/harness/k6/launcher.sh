#!/bin/sh
# Starts the runner of this pod. Arguments are passed on to `k6 run`.
set -eu

FOLDER=${0%/*}
. "$FOLDER/supervise.sh"
index=$JOB_COMPLETION_INDEX

# Bounds of equal segments ("0,1/3,2/3,1"), and this runner's own. Fractions, never decimals: k6 computes with them exactly, so that no VU and
# no iteration is lost or run twice. Made here, since 1000 pods that carry them make 1000 times 9 KB for all who look at the run.
sequence=0
from=0
number=1
while [ "$number" -le "$RUNNERS" ]; do
  if [ "$number" -eq "$RUNNERS" ]; then to=1; else to=$number/$RUNNERS; fi
  if [ "$number" -eq $((index + 1)) ]; then segment=$from:$to; fi
  sequence=$sequence,$to
  from=$to
  number=$((number + 1))
done

. "$FOLDER/folder.sh"

# Peers by their whole names, where the node tells the cluster's domain: a name that may be short is looked for in three other places first.
if [ -r /etc/resolv.conf ]; then
  while read -r word first _; do
    case "$word $first $PEER" in "search "*.svc.*" "*.svc:*) PEER=${PEER%.svc:*}.svc.${first#*.svc.}.:${PEER##*:} ;; esac
  done </etc/resolv.conf
fi

aside() {
  k6 run --quiet --no-summary --no-thresholds --no-usage-report --address "" --log-output stdout --log-format raw \
    --include-system-env-vars=false -e "RUNNERS=$RUNNERS" -e "PEER=$PEER" "$@" &
}

# Teardown runs once, in runner 0; so does setup, which the barrier calls. Whoever takes over from a lost runner finds both done.
if [ -n "${JOIN_AT:-}" ]; then
  aside -e "JOIN_AT=$JOIN_AT" -e "INDEX=$index" -e "OWN=http://127.0.0.1:${ADDRESS##*:}" heal.js
  set -- "$@" --no-teardown
elif [ "$index" -eq 0 ]; then
  aside -e "START_DEADLINE=$START_DEADLINE" barrier.js
else
  set -- "$@" --no-teardown
fi

supervise run --paused --no-setup --address "$ADDRESS" --quiet --no-color --no-usage-report --include-system-env-vars=false \
  --execution-segment "$segment" --execution-segment-sequence "$sequence" \
  --tag "testid=$RUN" --tag "instance_id=$index" -e "PULUMI_K6_TOTALS=$TOTALS" "$@" "${MAIN:-main.js}"
