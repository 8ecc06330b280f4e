import { UserError } from "../util/errors.ts";
import { type Displayable, displayable } from "./bundle.ts";
import { escapeMarkup } from "./media/svg.ts";
import { plainText } from "./names.ts";

export type Row = Readonly<Record<string, unknown>>;

/** A number of decimals, or a function of the value and its row. */
export type Format = number | ((value: unknown, row: Row) => string);

/** The part of an arquero table that is needed here. */
export interface ColumnarTable {
  columnNames(): string[];
  objects(): object[];
}

export interface TableOptions {
  /** Which columns, in which order; default all. */
  columns?: readonly string[];
  /** Column headings by column name; default the name itself. */
  headings?: Readonly<Record<string, string>>;
  formats?: Readonly<Record<string, Format>>;
  caption?: string;
}

interface Cells {
  readonly headings: string[];
  readonly rows: string[][];
  /** Per column: numbers are set flush right. */
  readonly numeric: boolean[];
  readonly caption: string | undefined;
}

const MISSING = "–";

/** `12.3 ± 0.4`; without a spread the mean alone, without a mean a dash. */
export function plusMinus(mean: number | null | undefined, spread: number | null | undefined, decimals = 1): string {
  if (mean === null || mean === undefined) return MISSING;
  const text = minus(mean.toFixed(decimals));
  return spread === null || spread === undefined ? text : `${text} ± ${spread.toFixed(decimals)}`;
}

const minus = (text: string): string => text.replace("-", "−");

function textOf(value: unknown, row: Row, format: Format | undefined): string {
  if (typeof format === "function") return format(value, row);
  if (value === null || value === undefined) return MISSING;
  if (typeof value !== "number") return String(value);
  return minus(format === undefined ? String(value) : value.toFixed(format));
}

function cellsOf(data: ColumnarTable | readonly object[], options: TableOptions): Cells {
  const rows = (Array.isArray(data) ? data : (data as ColumnarTable).objects()) as Row[];
  const known = Array.isArray(data) ? [...new Set(rows.flatMap(Object.keys))] : (data as ColumnarTable).columnNames();
  const columns = options.columns ?? known;
  for (const name of [...columns, ...Object.keys(options.formats ?? {}), ...Object.keys(options.headings ?? {})]) {
    if (!known.includes(name)) throw new UserError(`there is no column "${name}"`, `choose among ${known.join(", ")}`);
  }
  return {
    headings: columns.map((name) => options.headings?.[name] ?? name),
    rows: rows.map((row) => columns.map((name) => textOf(row[name], row, options.formats?.[name]))),
    numeric: columns.map((name) => rows.some((row) => typeof row[name] === "number")),
    caption: options.caption,
  };
}

/** Alignment is an attribute, not a style: GitHub strips styles. */
function htmlOf({ headings, rows, numeric, caption }: Cells): string {
  const cell = (tag: string, text: string, i: number) =>
    `<${tag} align="${numeric[i] ? "right" : "left"}">${escapeMarkup(text)}</${tag}>`;
  const line = (tag: string, texts: string[]) => `<tr>${texts.map((text, i) => cell(tag, text, i)).join("")}</tr>`;
  return [
    "<table>",
    caption ? `<caption align="top">${escapeMarkup(caption)}</caption>` : "",
    `<thead>${line("th", headings)}</thead>`,
    `<tbody>${rows.map((row) => line("td", row)).join("")}</tbody></table>`,
  ].join("");
}

const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
const ENTITIES: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

/** Text that means nothing to Markdown, on one line. */
const escapeMarkdown = (text: string, lineBreak: string): string =>
  text.replace(/[\\`*_[\]<>#|~$&]/g, (sign) => ENTITIES[sign] ?? `\\${sign}`).replace(LINE_BREAK, lineBreak);

function markdownOf({ headings, rows, numeric, caption }: Cells): string {
  const line = (texts: string[]) => `| ${texts.map((text) => escapeMarkdown(text, "<br>")).join(" | ")} |`;
  const rule = line(numeric.map((right) => (right ? "---:" : ":---")));
  return [
    ...(caption ? [`**${escapeMarkdown(caption, " ")}**`, ""] : []),
    line(headings),
    rule,
    ...rows.map(line),
  ].join("\n");
}

function plainOf(cells: Cells): string {
  const flat = (text: string): string => plainText(text.replace(LINE_BREAK, " "));
  const { numeric, caption } = cells;
  const [headings, rows] = [cells.headings.map(flat), cells.rows.map((row) => row.map(flat))];
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i].length)));
  const pad = (text: string, i: number) => (numeric[i] ? text.padStart(widths[i]) : text.padEnd(widths[i]));
  const line = (texts: string[]) => texts.map(pad).join("  ").trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [...(caption ? [flat(caption)] : []), line(headings), rule, ...rows.map(line)].join("\n");
}

/**
 * Rows as plain objects, or an arquero table, as a table. Missing values show as a dash.
 *
 * @throws UserError naming a column that there is not
 * @example
 * ```ts
 * import { display, table } from "worldcompass";
 * await display(table([{ model: "base", psnr: 20.456 }], { formats: { psnr: 1 } }));
 * ```
 */
export function table(data: ColumnarTable | readonly object[], options: TableOptions = {}): Displayable {
  return displayable(() => {
    const cells = cellsOf(data, options);
    return { "text/html": htmlOf(cells), "text/markdown": markdownOf(cells), "text/plain": plainOf(cells) };
  });
}
