/** The tables of README and docs, as lines of Markdown drawn from the records in data/results. */
import { existsSync } from "node:fs";
import { PAPER_TABLE } from "../evaluation/paper.ts";
import { type Row, readReport, rowsAbout, summarise } from "../evaluation/report.ts";
import { markdownTable } from "../util/marked.ts";
import { fromRoot } from "../util/root.ts";

/** The record of all models, controls and baselines. */
export const MAIN = "data/results/main.json";

/** Columns: a metric's heading and its decimals. */
const COLUMNS: Readonly<Record<string, { heading: string; decimals: number }>> = {
  "action-accuracy": { heading: "exact %", decimals: 1 },
  "action-accuracy-true": { heading: "exact %, true world", decimals: 1 },
  psnr: { heading: "PSNR dB", decimals: 1 },
  ssim: { heading: "SSIM", decimals: 3 },
  "visual-heldout": { heading: "visual", decimals: 2 },
  "rotation-error": { heading: "rotation error", decimals: 2 },
  "translation-error": { heading: "translation error", decimals: 2 },
};

/** In this order; other models after them. */
const MODELS = ["base", "post-trained", "placebo"];

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** The known values in their order, then the others. */
const ordered = (values: readonly string[], known: readonly string[]): string[] => [
  ...known.filter((value) => values.includes(value)),
  ...unique(values).filter((value) => !known.includes(value)),
];

/** Mean ± standard error over prompts; where there are several training seeds, their standard deviation in brackets. */
function cell(rows: readonly Row[], decimals: number): string {
  if (rows.length === 0) return "";
  const { mean, error, seedDeviation } = summarise(rows);
  const seeds = seedDeviation === undefined ? "" : ` (${seedDeviation.toFixed(decimals)})`;
  return `${mean.toFixed(decimals)} ± ${error.toFixed(decimals)}${seeds}`;
}

/** The paper's larger model at this length: exact accuracy, before and after. */
function paperLines(actions: string, frames: number, columns: number): string[][] {
  const row = PAPER_TABLE.find((r) => r.base === "8B" && r.actions === actions && r.frames === frames);
  if (!row) return [];
  return ["paper, 8B base", "paper, 8B post-trained"].map((name, i) => [
    ...[name, actions, String(frames), row.accuracy[i].toFixed(1)],
    ...new Array<string>(columns - 1).fill(""),
  ]);
}

interface Shown {
  readonly frames: readonly number[];
  /** Show the paper's rows beside ours. */
  readonly paper?: boolean;
}

/** A line a model, kind of commands and length. */
export function modelLines(rows: readonly Row[], { frames, paper = false }: Shown): string[] {
  const metrics = Object.keys(COLUMNS).filter((metric) => rows.some((row) => row.metric === metric));
  const models = ordered(
    rows.map(({ model }) => model),
    MODELS,
  );
  const lines = frames.flatMap((length) =>
    unique(rows.map(({ actions }) => actions)).flatMap((actions) => {
      const own = models.flatMap((model) => {
        const about = rowsAbout(rows, { model, actions, frames: length });
        if (about.length === 0) return [];
        const cells = metrics.map((metric) => cell(rowsAbout(about, { metric }), COLUMNS[metric].decimals));
        return [[model, actions, String(length), ...cells]];
      });
      return paper ? [...own, ...paperLines(actions, length, metrics.length)] : own;
    }),
  );
  const header = ["model", "commands", "frames", ...metrics.map((metric) => COLUMNS[metric].heading)];
  return markdownTable([header, ...lines], { numbers: true });
}

/** What stands in a table's place where nothing is recorded. */
const command = (world: string): string[] => [
  `Nothing is recorded yet: \`npm run train -- --world ${world}\` measures it.`,
];

function linesOf(rows: readonly Row[], world: string, shown: Partial<Shown>): string[] {
  const own = rowsAbout(rows, { world });
  if (own.length === 0) return command(world);
  const lengths = unique(own.map(({ frames }) => frames)).sort((a, b) => a - b);
  return modelLines(own, { frames: lengths, ...shown });
}

/** A world's picture, or the command that makes it. */
function pictureOf(world: string): string[] {
  const path = `docs/${world}.png`;
  if (existsSync(fromRoot(path)))
    return [`![${world}: the true pictures and the models' under the same commands](${path})`];
  const beside = `checkpoints/${world}/post-trained-0`;
  const command = `npm run evaluate -- --world ${world} --model checkpoints/${world} --beside ${beside} --prompts 2 --accuracy false --sheet ${path}`;
  return [`No picture is made yet: \`${command}\` makes it.`];
}

/** By document and section. */
export function tablesOf(rows: readonly Row[]): Record<string, Record<string, string[]>> {
  const longest = (world: string): number[] => {
    const lengths = rowsAbout(rows, { world }).map(({ frames }) => frames);
    return lengths.length === 0 ? [] : [Math.max(...lengths)];
  };
  const worlds = ["courtyard", "doom"];
  const short = worlds.map((world) => [`${world}-table`, linesOf(rows, world, { frames: longest(world) })] as const);
  const all = worlds.map((world) => [`${world}-all`, linesOf(rows, world, { paper: true })] as const);
  const pictures = Object.fromEntries(worlds.map((world) => [`${world}-picture`, pictureOf(world)]));
  return { "README.md": { ...pictures, ...Object.fromEntries(short) }, "docs/results.md": Object.fromEntries(all) };
}

/** The tables as the records in data/results give them. */
export function drawnTables(): Record<string, Record<string, string[]>> {
  const path = fromRoot(MAIN);
  return tablesOf(existsSync(path) ? readReport(path).rows : []);
}
