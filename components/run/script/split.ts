/**
 * Cuts a text between lines into `parts` parts of equal size, the first ones one line longer where it does not come out even, like k6's
 * execution segments. The order of the lines is kept. In a `.csv` a line break inside quotes cuts nothing, and every part begins with the
 * header.
 *
 * @returns one text per part, or the number of lines where there are fewer than parts
 */
export function split(name: string, text: string, parts: number): string[] | { lines: number } {
  const isCsv = name.endsWith(".csv");
  const all = isCsv ? records(text) : lines(text);
  const [header, rows] = isCsv ? [all.slice(0, 1), all.slice(1)] : [[], all];
  if (rows.length < parts) {
    return { lines: rows.length };
  }
  const share = Math.floor(rows.length / parts);
  const longer = rows.length % parts;
  return Array.from({ length: parts }, (_, i) => {
    const from = i * share + Math.min(i, longer);
    return [...header, ...rows.slice(from, from + share + (i < longer ? 1 : 0))].join("");
  });
}

/** Lines with their ends; the last one gets an end where it has none, for it may become any part's last or not. */
function lines(text: string): string[] {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const whole = text === "" || text.endsWith("\n") ? text : text + end;
  return whole.match(/[^\n]*\n/g) ?? [];
}

function records(text: string): string[] {
  const found: string[] = [];
  let open = "";
  for (const line of lines(text)) {
    open += line;
    // A quote inside quotes is doubled, so an even number of them means that none is open.
    if ((open.match(/"/g)?.length ?? 0) % 2 === 0) {
      found.push(open);
      open = "";
    }
  }
  return open === "" ? found : [...found, open];
}
