/** Text that is HTML already. Everything else is escaped on its way into a page. */
export class Html {
  constructor(readonly text: string) {}
}

/** What can stand in a template: text and numbers are escaped, lists are put together. */
export type Content = Html | string | number | undefined | readonly Content[];

/** Tag for templates of HTML in which every value is escaped. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(parts.reduce((text, part, i) => text + rendered(values[i - 1]) + part));
}

function rendered(content: Content): string {
  if (content === undefined) {
    return "";
  }
  if (content instanceof Html) {
    return content.text;
  }
  return typeof content === "string" || typeof content === "number" ? escaped(String(content)) : content.map(rendered).join("");
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Makes text safe in HTML's content and quoted attributes; control characters, which HTML cannot hold, become visible. */
export function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? "")
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd");
}
