import type { EngineName } from "../../../components/run/types";

/** What a run said of a cause, as the page has it. */
export interface Saying {
  title: string;
  engine: EngineName;
  text: string;
}

const columns = ["what goes wrong", "engine", "what you read"];

/** What the table of a page says: a saying for each engine that a row is about. */
export function sayingsOn(page: string): Saying[] {
  const rows = tableOf(page).slice(2).map(cellsOf);
  return rows.flatMap(([title = "", engine = "", text = ""]) =>
    enginesOf(engine).map((one) => ({ title, engine: one, text: text.replace(/^`+ ?| ?`+$/g, "") })),
  );
}

/** The page with other sayings: those that are given, and of its own those that are not. In the order of `titles`; others are dropped. */
export function pageWith(page: string, sayings: readonly Saying[], titles: readonly string[]): string {
  const isNew = ({ title, engine }: Saying) => sayings.some((one) => one.title === title && one.engine === engine);
  const all = [...sayingsOn(page).filter((one) => !isNew(one)), ...sayings];
  const rows = titles.flatMap((title) => rowsOf(all.filter((one) => one.title === title)));
  const lines = [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return page.replace(tableOf(page).join("\n"), lines.join("\n"));
}

/** One row where both engines say the same. */
function rowsOf(sayings: readonly Saying[]): string[][] {
  const [first, ...others] = [...sayings].sort((a, b) => a.engine.localeCompare(b.engine));
  if (first === undefined) {
    return [];
  }
  return others.length > 0 && others.every(({ text }) => text === first.text)
    ? [[first.title, "both", written(first.text)]]
    : [first, ...others].map(({ title, engine, text }) => [title, `\`${engine}\``, written(text)]);
}

function written(text: string): string {
  const escaped = text.replaceAll("|", "\\|");
  return text.includes("`") ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
}

function enginesOf(cell: string): EngineName[] {
  return cell === "both" ? ["job", "operator"] : [cell.replaceAll("`", "") as EngineName];
}

function tableOf(page: string): string[] {
  return page.split("\n").filter((line) => line.startsWith("|"));
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
