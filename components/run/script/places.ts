// What a bundle's source map calls a file of the author; k6 prints it as it is. `file:` would be resolved against the pod's folders.
const scheme = "script:";

/** A path relative to the script, as a source map is to name it. */
export function sourceUrl(path: string): string {
  return scheme + encodeURI(path);
}

// k6 adds the offset in its own code, `(5)`, which tells an author nothing. A file on a volume or in an image is told by its path.
const place = /(?:file:\/\/\S*?\/script\.js|script:([^\s:()]+)|file:\/\/(\/[^\s:()]+)):(\d+:\d+)(?:\(\d+\))?/g;

/** What k6 says of a place in a script, in the author's words: `at default (file:///test/script.js:12:5(3))` is `at default (shop.js:12:5)`. */
export function inAuthorsWords(text: string, scriptName: string): string {
  return text.replace(
    place,
    (_, source: string | undefined, path: string | undefined, at: string) =>
      `${source === undefined ? (path ?? scriptName) : decodeURI(source)}:${at}`,
  );
}

/**
 * The exception that ended a script, as one line with its place: `Error: no token at lib/login.ts:4:9`.
 *
 * @param log lines of k6's log, in its text format
 */
export function exceptionIn(log: readonly string[], scriptName: string): string | undefined {
  const line = log.findLast((one) => /\blevel=error\b/.test(one) && /hint="script exception"/.test(one));
  const said = line === undefined ? undefined : messageOf(line);
  if (said === undefined) {
    return undefined;
  }
  const [first, ...stack] = inAuthorsWords(said, scriptName).split("\n");
  const at = stack.map((frame) => /^\s*at (?:\S+ )?\(?([^()\s]+:\d+:\d+)\)?/.exec(frame)?.[1]).find((one) => one !== undefined);
  // What the harness itself refuses is no line of the author's.
  return at === undefined || at.includes("/harness.js:") ? first : `${first} at ${at}`;
}

/** The text of k6's log line, which is quoted the way Go quotes. */
export function messageOf(line: string): string | undefined {
  const quoted = /\bmsg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  if (quoted === undefined) {
    return undefined;
  }
  try {
    return JSON.parse(quoted) as string;
  } catch {
    // Go writes some characters as JSON does not (`\x00`).
    return quoted.slice(1, -1);
  }
}
