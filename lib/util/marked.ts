/** Tables in Markdown documents, drawn between marks so that a program can draw them again. */
import { readFileSync } from "node:fs";
import { UserError } from "./errors.ts";
import { writeAtomic } from "./files.ts";

/** Text that stays within its cell. */
const escaped = (cell: string): string => cell.replace(/\|/g, "\\|").replace(/\s*[\r\n]+\s*/g, " ");

/** Cells as a Markdown table; the first row is the header, columns of numbers are set to the right. */
export function markdownTable(cells: string[][], { numbers = false } = {}): string[] {
  const separator = cells[0].map((_, i) => (numbers && i > 0 ? "---:" : "---"));
  return [cells[0], separator, ...cells.slice(1)].map((row) => `| ${row.map(escaped).join(" | ")} |`);
}

/** Replaces what a document has between `<!-- name -->` and `<!-- /name -->`. @throws UserError without these marks */
export function replaceSection(path: string, name: string, lines: string[]): void {
  const text = readFileSync(path, "utf8");
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`].map((mark) => ({ at: text.indexOf(mark), mark }));
  if (start.at < 0 || end.at < start.at) {
    throw new UserError(`${path} has no section ${name}`, `put ${start.mark} and ${end.mark} where the table belongs`);
  }
  const body = `${start.mark}\n${lines.join("\n")}\n`;
  writeAtomic(path, text.slice(0, start.at) + body + text.slice(end.at));
}
