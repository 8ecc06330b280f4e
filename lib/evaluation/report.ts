/**
 * What was measured, in one form: `data/results/<name>.json`. A row holds one metric of one model's videos, one value a video;
 * controls are models among the others. Tables, plots and the numbers in prose are drawn from rows.
 */
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { z } from "zod";
import { currentCommit } from "../util/commit.ts";
import { UserError } from "../util/errors.ts";
import { writeJson } from "../util/files.ts";
import { deviation, mean, standardError } from "../util/statistics.ts";

const whole = z.number().int().min(0);

export const rowSchema = z.strictObject({
  world: z.string().min(1),
  model: z.string().min(1).describe("name of the model or control"),
  trainingSeed: whole.describe("seed of the model's training; 0 for controls"),
  samplingSeed: whole.describe("seed of the videos' noise; 0 for controls"),
  actions: z.string().min(1).describe("basic, combined, or another set of commands"),
  frames: whole.min(1).describe("frames of each video that were measured"),
  metric: z.string().min(1),
  unit: z.string(),
  values: z.array(z.number()).min(1).describe("one a video, in the order of the prompts"),
});

export const reportSchema = z.strictObject({
  commit: z.string().describe("of the code that measured last"),
  created: z.iso.datetime(),
  machine: z.string(),
  rows: z.array(rowSchema),
});

/** One metric of one model's videos, one value a video. */
export type Row = z.infer<typeof rowSchema>;
export type Report = z.infer<typeof reportSchema>;

/** What a row is about: everything but its values. */
const keyOf = ({ values: _, ...about }: Row): string => JSON.stringify(Object.entries(about).sort());

/** This machine, as reports name it: processor and number of cores. */
export const machine = (): string => `${cpus()[0]?.model.trim() ?? "unknown processor"}, ${cpus().length} cores`;

/**
 * Reads a report (docs/reports.md).
 *
 * @throws UserError where the file is no report, naming the first thing that is wrong
 * @example
 * ```ts
 * import { readReport, recordRows } from "worldcompass";
 * const row = { world: "courtyard", model: "mine", trainingSeed: 0, samplingSeed: 0, actions: "basic", frames: 125, metric: "psnr", unit: "dB", values: [20, 22] };
 * recordRows("report.json", [row]);
 * console.log(readReport("report.json").rows[0].values.join(" ")); // => 20 22
 * ```
 */
export function readReport(path: string): Report {
  if (!existsSync(path)) throw new UserError(`there is no report ${path}`, "measure it first, or restore it from git");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new UserError(`${path} is not JSON`, "restore it from git", { cause });
  }
  const parsed = reportSchema.safeParse(value);
  if (parsed.success) return withoutDoubles(parsed.data, path);
  const [{ path: where, message }] = parsed.error.issues;
  throw new UserError(`${path}: ${where.join(".") || "report"}: ${message}`, "restore it from git, or measure again");
}

/** Of two rows about the same thing only one can be what was measured. */
function withoutDoubles(report: Report, path: string): Report {
  const keys = report.rows.map(keyOf);
  const at = keys.findIndex((key, i) => keys.indexOf(key) !== i);
  if (at < 0) return report;
  const { metric, model } = report.rows[at];
  throw new UserError(
    `${path}: rows.${at}: ${metric} of ${model} stands there twice`,
    "restore it from git, or measure again",
  );
}

/**
 * Adds rows to a report, in place of older ones about the same thing (docs/reports.md). The file is replaced as one.
 *
 * @param path of the report, for example data/results/main.json
 * @throws UserError where a row is not one, with a value that is not finite for example; then nothing is written
 * @example
 * ```ts
 * import { recordRows } from "worldcompass";
 * const row = { world: "courtyard", model: "mine", trainingSeed: 0, samplingSeed: 0, actions: "basic", frames: 125, metric: "psnr", unit: "dB", values: [20, 22] };
 * console.log(recordRows("report.json", [row, { ...row, model: "other" }]).rows.length); // => 2
 * ```
 */
export function recordRows(path: string, rows: readonly Row[]): Report {
  for (const row of rows) {
    const checked = rowSchema.safeParse(row);
    if (checked.success) continue;
    const [{ path: where, message }] = checked.error.issues;
    throw new UserError(`${row.metric} of ${row.model}: ${where.join(".")}: ${message}`, "nothing was recorded");
  }
  const fresh = new Set(rows.map(keyOf));
  const kept = existsSync(path) ? readReport(path).rows.filter((row) => !fresh.has(keyOf(row))) : [];
  const report = {
    commit: currentCommit() ?? "unknown",
    created: new Date().toISOString(),
    machine: machine(),
    rows: [...kept, ...rows],
  };
  writeJson(path, report);
  return report;
}

export type About = Partial<Omit<Row, "values">>;

/** The rows about something. */
export const rowsAbout = (rows: readonly Row[], about: About): Row[] =>
  rows.filter((row) => Object.entries(about).every(([key, value]) => row[key as keyof About] === value));

export interface Summary {
  readonly mean: number;
  /** Standard error over prompts: each prompt's mean over the seeds counts once. */
  readonly error: number;
  /** Standard deviation over training seeds, where there are several. */
  readonly seedDeviation?: number;
  readonly prompts: number;
  readonly trainingSeeds: number;
}

/**
 * Mean and errors of rows: the error is over prompts, and over training seeds where there are several.
 *
 * @param rows about one metric of one model, which may differ in their seeds
 * @throws UserError where there are none, and on rows of different prompts
 * @example
 * ```ts
 * import { summarise } from "worldcompass";
 * const row = { world: "courtyard", model: "mine", trainingSeed: 0, samplingSeed: 0, actions: "basic", frames: 125, metric: "psnr", unit: "dB", values: [20, 22] };
 * const { mean, error } = summarise([row]);
 * console.log(mean, error); // => 21 1
 * ```
 */
export function summarise(rows: readonly Row[]): Summary {
  if (rows.length === 0) throw new UserError("there are no rows to summarise", "measure them first");
  const prompts = rows[0].values.length;
  if (rows.some(({ values }) => values.length !== prompts))
    throw new UserError("rows of different numbers of videos", "summarise rows of the same prompts");
  const perPrompt = Array.from({ length: prompts }, (_, i) => mean(rows.map(({ values }) => values[i])));
  const seeds = [...new Set(rows.map(({ trainingSeed }) => trainingSeed))];
  const perSeed = seeds.map((seed) =>
    mean(rows.filter((r) => r.trainingSeed === seed).map(({ values }) => mean(values))),
  );
  return {
    mean: mean(perPrompt),
    error: standardError(perPrompt),
    ...(seeds.length > 1 ? { seedDeviation: deviation(perSeed) } : {}),
    prompts,
    trainingSeeds: seeds.length,
  };
}
