#!/bin/sh
# Says what k6 makes of the script without running it: read by inspect-answer.ts. Arguments are passed on to `k6 inspect`.
set -eu

FOLDER=${0%/*}
index=0
. "$FOLDER/folder.sh"

# Prints a line with k6's exit code; then its answer or, where it failed, its log.
ask() {
  code=0
  # A script that waits for something as it is loaded must not hold up the run.
  timeout 20 k6 inspect --no-color "$@" "${MAIN:-main.js}" >/tmp/answer 2>/tmp/log || code=$?
  echo "== $code"
  if [ "$code" -eq 0 ]; then cat /tmp/answer; else cat /tmp/log; fi
  # k6 ends its answer without a line break.
  echo
}

if [ -n "${LOAD:-}" ]; then
  # First without the load given beside the script, which would hide what the script itself has.
  ask "$@"
  # What `k6 run` takes where nobody says the VUs; `k6 inspect` takes none.
  if grep -q '^  "vus": null' /tmp/answer; then export K6_VUS=1; fi
  # shellcheck disable=SC2086
  export $LOAD
fi
ask --execution-requirements "$@"
