interface ExitCode {
  meaning: string;
  remedy: string;
}

const atItsLog = "Look at the end of its log.";
const correct = "Correct the script.";

// Source: grafana/k6 errext/exitcodes/codes.go; 137, 139 and 143 are 128 + the signal's number.
const codes: Record<number, ExitCode> = {
  0: { meaning: "finished", remedy: "" },
  99: {
    meaning: "the script's own thresholds failed on this runner",
    remedy: "Look at the target; the share of one runner is judged, so give thresholds on counts to the load test instead.",
  },
  100: { meaning: "setup() took longer than setupTimeout", remedy: "Raise setupTimeout in the script's options." },
  101: { meaning: "teardown() took longer than teardownTimeout", remedy: "Raise teardownTimeout in the script's options." },
  102: { meaning: "a k6 timeout passed", remedy: atItsLog },
  103: { meaning: "stopped through k6's REST API", remedy: "Change trigger to run the test again." },
  104: { meaning: "k6 refused the script's options", remedy: correct },
  105: {
    meaning: "stopped by a signal before its end",
    remedy: "Look at the events of its pod and node, and change trigger to run the test again.",
  },
  106: { meaning: "k6 could not listen on port 6565", remedy: "Take whatever else listens there out of its pod." },
  107: { meaning: "the script threw an exception while it was loaded", remedy: correct },
  108: { meaning: "the script called test.abort()", remedy: "Look at what it met there." },
  109: { meaning: "k6 crashed (Go panic)", remedy: "Use another version of k6." },
  110: { meaning: "the script called test.fail()", remedy: "Look at what it met there." },
  137: { meaning: "killed (SIGKILL)", remedy: "Look at the events of its pod and node." },
  139: { meaning: "crashed (SIGSEGV)", remedy: "Use another image of k6." },
  143: { meaning: "ended by SIGTERM", remedy: "Look at the events of its pod and node." },
  255: { meaning: "k6 refused its command line", remedy: atItsLog },
};

/** What an exit code of a runner means, in words. */
export function exitCodeMeaning(code: number): string {
  return codes[code]?.meaning ?? "an exit code that k6 does not use";
}

/** What to do about an exit code: a sentence. */
export function exitCodeRemedy(code: number): string {
  return codes[code]?.remedy ?? atItsLog;
}
