/**
 * Results in prose: `<!-- record main model=base actions=basic frames=381 metric=psnr -->14.0 dB<!-- /record -->` stands for
 * what data/results/main.json has. `npm run tables` draws what is between the marks, and a test compares it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type About, type Report, type Row, readReport, rowsAbout, summarise } from "../evaluation/report.ts";
import { parseConfig } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { writeAtomic } from "../util/files.ts";
import { whole } from "../util/schema.ts";

const MARK = /(<!-- record (\S+)((?: [\w-]+=[^\s>]+)+) -->)(.*?)(<!-- \/record -->)/gs;
const OPENING = /<!-- record\b/g;
const FENCED = /(```.*?```)/gs;
/** A number that a table could hold: with a unit of a metric behind it. */
const RESULT = /[-−+]?\d+(?:\.\d+)?(?: ± \d+(?:\.\d+)?)? (?:%|dB|points)(?!\w)/g;

const text = z.string();
const number = z.coerce.number().pipe(whole());

/** What a mark may say: which rows of the report, and how they are shown. */
const query = z.strictObject({
  world: text.optional(),
  model: text,
  metric: text,
  actions: text.optional(),
  frames: number.optional(),
  trainingSeed: number.optional(),
  samplingSeed: number.optional(),
  digits: number.default(1).describe("Decimals."),
  show: z
    .enum(["mean", "error"])
    .default("mean")
    .describe("mean: the mean; error: with its standard error over prompts."),
  minus: text.optional().describe("Another model, whose values on the same prompts are taken off."),
});
type Query = z.output<typeof query>;

/** The rows that a mark speaks of, which must be about one thing apart from their seeds. */
function rowsOf(report: Report, { digits: _, show: __, minus: ___, ...about }: Query, where: string): Row[] {
  const rows = rowsAbout(report.rows, JSON.parse(JSON.stringify(about)) as About);
  const kinds = new Set(rows.map(({ world, actions, frames }) => `${world} ${actions} ${frames} frames`));
  if (kinds.size === 1) return rows;
  const found = kinds.size === 0 ? "no rows" : `rows of several kinds: ${[...kinds].join(", ")}`;
  throw new UserError(`${where}: the report has ${found}`, "say which world, actions and frames are meant");
}

/** Row by row, prompt by prompt. */
function lessThan(rows: readonly Row[], others: readonly Row[]): Row[] {
  const { mean } = summarise(others);
  const same = others.length === 1 && others[0].values.length === rows[0].values.length;
  return rows.map((row) => ({
    ...row,
    values: row.values.map((value, i) => value - (same ? others[0].values[i] : mean)),
  }));
}

function drawn(report: Report, asked: Query, where: string): string {
  const rows = rowsOf(report, asked, where);
  const { minus, digits, show, trainingSeed: _, samplingSeed: __, ...about } = asked;
  const compared = minus ? lessThan(rows, rowsOf(report, { ...about, digits, show, model: minus }, where)) : rows;
  const { mean, error } = summarise(compared);
  const { unit } = rows[0];
  const shownUnit = minus && unit === "%" ? "points" : unit;
  const spread = show === "error" ? ` ± ${error.toFixed(digits)}` : "";
  return `${mean.toFixed(digits).replace("-", "−")}${spread} ${shownUnit}`.trim();
}

/**
 * A page's text with every marked number as its record has it.
 * @param read a report by its name
 * @throws UserError at a mark that is not closed, that asks for what there is not, or for rows of several kinds
 */
export const drawNumbers = (page: string, source: string, read: (name: string) => Report): string =>
  // Between fences stand examples.
  source
    .split(FENCED)
    .map((part, i) => (i % 2 === 1 ? part : drawProse(page, part, read)))
    .join("");

function drawProse(page: string, source: string, read: (name: string) => Report): string {
  const marks = [...source.matchAll(MARK)];
  if (marks.length !== (source.match(OPENING) ?? []).length)
    throw new UserError(
      `${page} has a record's mark that is damaged`,
      "write <!-- record main model=... metric=... -->number<!-- /record -->",
    );
  return source.replace(MARK, (_, opening: string, name: string, said: string, __: string, closing: string) => {
    const given = Object.fromEntries(
      said
        .trim()
        .split(" ")
        .map((part) => part.split("=")),
    );
    const where = `${page}, ${opening}`;
    const asked = parseConfig(query, given, (key) => `${where}: ${key}`);
    return opening + drawn(read(name), asked, where) + closing;
  });
}

/** Results that stand outside of marks in a page that has marks: nobody would notice when they grow old. */
export function unmarked(source: string): string[] {
  const text = source.replace(FENCED, "");
  if (!text.match(OPENING)) return [];
  const prose = text.replace(MARK, "").replace(/<!-- ([\w-]+) -->.*?<!-- \/\1 -->/gs, "");
  return prose.match(RESULT) ?? [];
}

/** The pages whose numbers are drawn and compared: README, docs, notebooks. */
export const pages = (root: string): string[] => [
  join(root, "README.md"),
  ...["docs", "notebooks"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /[.](?:md|ipynb)$/.test(name))
      .map((name) => join(root, folder, name)),
  ),
];

const reportOf = (root: string) => (name: string) => readReport(join(root, "data/results", `${name}.json`));

/** The prose of a page; of a notebook its Markdown cells, changed in place. */
function eachProse(path: string, change: (source: string) => string): string {
  const file = readFileSync(path, "utf8");
  if (!path.endsWith(".ipynb")) return change(file);
  const notebook = JSON.parse(file) as { cells: { cell_type: string; source: string | string[] }[] };
  let changed = false;
  for (const cell of notebook.cells.filter(({ cell_type }) => cell_type === "markdown")) {
    const before = [cell.source].flat().join("");
    const after = change(before);
    if (after === before) continue;
    changed = true;
    cell.source = after.split(/(?<=\n)/);
  }
  return changed ? `${JSON.stringify(notebook, null, 1)}\n` : file;
}

/** @returns the page as it should be, whether or not it is */
export const drawPage = (root: string, path: string): string =>
  eachProse(path, (source) => drawNumbers(path, source, reportOf(root)));

/** Draws the numbers of every page again. */
export function drawPages(root: string): void {
  for (const path of pages(root)) {
    const drawnPage = drawPage(root, path);
    if (drawnPage !== readFileSync(path, "utf8")) writeAtomic(path, drawnPage);
  }
}
