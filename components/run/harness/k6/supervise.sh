# Sourced by launcher.sh and operator.sh: runs k6 to its end, and adds to the totals that it leaves how often the kernel held it up for want of
# CPU. A script of k6 reads files only as it is loaded, and with a container's first process all others end: so that one is this shell, which
# hands on to k6 the signals it gets (those of the kubelet, at the deadline and when its pod is deleted) and ends with k6's exit code.

# shellcheck shell=sh
k6=
signal=
# k6 ends by SIGINT as by SIGTERM, but what a shell has in the background may be deaf to the first.
hand_on() {
  signal=yes
  if [ -n "$k6" ]; then kill -s TERM "$k6" 2>/dev/null || :; fi
}
trap hand_on TERM INT

# $CPU_STAT and $TOTALS: files. Of a container's own cgroup, by version 2 or 1; without a limit of CPU it counts no periods.
if [ -z "${CPU_STAT:-}" ]; then
  CPU_STAT=/sys/fs/cgroup/cpu.stat
  [ -r "$CPU_STAT" ] || CPU_STAT=/sys/fs/cgroup/cpu/cpu.stat
fi

# Reads $now (seconds), $periods and $throttled, all since some start.
look() {
  [ -r "$CPU_STAT" ] && [ -r /proc/uptime ] || return 1
  periods=
  throttled=
  while read -r name value; do
    case $name in nr_periods) periods=$value ;; nr_throttled) throttled=$value ;; esac
  done <"$CPU_STAT"
  [ "${periods:-0}" -gt 0 ] && [ -n "$throttled" ] && read -r now _ </proc/uptime && now=${now%.*}
}

# How long the load went on is known at the end, and not before when it began: so each second is noted. What k6 took to come up is not load.
take_notes() {
  while :; do
    if look; then echo "$now $periods $throttled"; fi
    sleep 1
  done
}

# Fills the place that harness.js leaves for it at the beginning of the totals. Where there is none, or nothing to tell, they stay as they are.
tell_throttling() {
  [ -s "${TOTALS:-}" ] && look || return 0
  place=$(printf '%64s' '')
  IFS= read -r totals <"$TOTALS" || :
  case $totals in "{$place"*'"durationMs":'*) ;; *) return 0 ;; esac
  milliseconds=${totals#*'"durationMs":'}
  begun=$((now - ${milliseconds%%[!0-9]*} / 1000))
  while read -r at periods_before throttled_before; do
    # Both are whole seconds: only a later one is surely not before the load.
    if [ "$at" -gt "$begun" ] && [ "$periods" -gt "$periods_before" ]; then
      cpu="{\"cpu\":{\"periods\":$((periods - periods_before)),\"throttledPeriods\":$((throttled - throttled_before))},"
      if [ ${#cpu} -le ${#place} ]; then printf '%s' "$cpu" 1<>"$TOTALS"; fi
      return 0
    fi
  done <"$1"
}

# Arguments: those of k6.
supervise() {
  notes=$(mktemp 2>/dev/null) || notes=/dev/null
  take_notes </dev/null >"$notes" 2>/dev/null &
  note_taker=$!
  k6 "$@" &
  k6=$!
  # One that came before there was a k6, which now needs a moment to take it.
  if [ -n "$signal" ]; then
    sleep 1
    hand_on
  fi
  code=0
  wait "$k6" || code=$?
  # A signal ends the waiting, or came as it had ended; then there is nothing more to wait for.
  while [ -n "$signal" ]; do
    signal=
    again=0
    wait "$k6" || again=$?
    if [ "$again" -ne 127 ]; then code=$again; fi
  done
  kill "$note_taker" 2>/dev/null || :
  # In a shell of its own: whatever happens there, the runner ends as k6 did.
  (tell_throttling "$notes") 2>/dev/null || :
  if [ "$notes" != /dev/null ]; then rm -f "$notes"; fi
  exit "$code"
}
