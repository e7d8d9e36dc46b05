// Source: grafana/k6 errext/exitcodes/codes.go; 137 and 139 are 128 + the signal's number.
const meanings: Record<number, string> = {
  0: "finished",
  99: "the script's own thresholds failed on this runner",
  100: "setup() took longer than setupTimeout",
  101: "teardown() took longer than teardownTimeout",
  102: "a k6 timeout passed",
  103: "stopped through k6's REST API",
  104: "k6 refused the script's options",
  105: "stopped by a signal before its end",
  106: "k6 could not listen on port 6565",
  107: "the script threw an exception while it was loaded",
  108: "the script called test.abort()",
  109: "k6 crashed (Go panic)",
  110: "the script called test.fail()",
  137: "killed (SIGKILL)",
  139: "crashed (SIGSEGV)",
  255: "k6 refused its command line",
};

/** What an exit code of a runner means, in words. */
export function exitCodeMeaning(code: number): string {
  return meanings[code] ?? "an exit code that k6 does not use";
}
