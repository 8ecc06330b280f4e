/** README's tables of results, as lines of Markdown made from data/results. */

import { readDriftTable } from "../evaluation/drift-memory-record.ts";
import { PAPER_TABLE, readTable } from "../evaluation/index.ts";
import { UserError } from "../util/errors.ts";
import { markdownTable } from "../util/marked.ts";
import { deviation, mean } from "../util/statistics.ts";
import type { Group } from "./arms.ts";
import { type Comparison, ratioTable } from "./bench/report.ts";
import { driftSeedRows } from "./drift-record.ts";
import { DRIFT_HEADINGS, DRIFT_SHOWN, decimalsOf, NO_DRIFT_SEEDS } from "./drift-show.ts";
import { summariseDrift } from "./drift-summary.ts";
import type { Measured } from "./measure.ts";
import { BASE, readRecorded } from "./record.ts";
import { rowsOfGroup, summariseArms } from "./summary.ts";

/** Blank where nothing was to be measured (null); a field that is missing, or is no number, is a fault of the record. */
function number(value: number | null | undefined, decimals = 1): string {
  if (value === null) return "";
  if (typeof value === "number" && Number.isFinite(value)) return value.toFixed(decimals);
  throw new UserError(`a record in data/results has ${value} where a number belongs`, "restore it from git");
}

const spread = (value: number | null, sd: number | null, decimals = 1): string =>
  sd ? `${number(value, decimals)} ± ${number(sd, decimals)}` : number(value, decimals);

/** The paper's larger model before post-training, and after it. */
const PAPER_COLUMN: Record<string, 0 | 1> = { base: 0, "post-trained": 1 };

function paperOf(model: string, actions: string, frames: number): [accuracy: string, visual: string] {
  const row = PAPER_TABLE.find((r) => r.base === "8B" && r.actions === actions && r.frames === frames);
  const column = PAPER_COLUMN[model];
  return row && column !== undefined ? [number(row.accuracy[column]), number(row.visual[column], 2)] : ["", ""];
}

/** In this order, at every horizon. */
const COMPARED = ["base", "post-trained", "continued-pretraining"];

/** Models at every horizon; controls after them, at the last alone. */
function mainLines(): string[] {
  const { rows } = readTable();
  const last = Math.max(...rows.map(({ frames }) => frames));
  const models = COMPARED.flatMap((name) => rows.filter(({ model }) => model === name));
  const controls = rows.filter(({ model, frames }) => !COMPARED.includes(model) && frames === last);
  const shown = [...models, ...controls];
  const header = ["video", "actions", "frames", "exact %", "paper", "translation %", "rotation %", "visual", "paper"];
  const lines = shown.map(({ model, actions, frames, ...row }) => {
    const [accuracy, visual] = paperOf(model, actions, frames);
    const parts = [number(row.translation), number(row.rotation), number(row.visual, 2), visual];
    const likeness = [number(row.psnr), number(row.ssim, 3)];
    return [model, actions, String(frames), spread(row.accuracy, row.accuracySd), accuracy, ...parts, ...likeness];
  });
  return markdownTable([[...header, "PSNR dB", "SSIM"], ...lines], { numbers: true });
}

/** Base, post-trained and control over seeds of the training, at every horizon; the spread is over those seeds. */
function seedLines(): string[] {
  const rows = [...rowsOfGroup("main"), ...rowsOfGroup("control").filter(({ arm }) => arm !== BASE)];
  const header = ["model", "seeds", "frames", "basic %", "combined %", "visual", "PSNR dB", "SSIM"];
  const lines = [...new Set(rows.map(({ arm }) => arm))].flatMap((arm) => {
    const seeds = rows.filter((row) => row.arm === arm).map((row): Measured[] => [row, ...row.longer]);
    return seeds[0].map(({ frames }, horizon) => {
      const cell = (key: "basic" | "combined" | "visual" | "psnr" | "ssim", decimals = 1): string => {
        const values = seeds.map((horizons) => horizons[horizon][key]).filter((value) => value !== null);
        return spread(mean(values), values.length > 1 ? deviation(values) : null, decimals);
      };
      return [arm, String(seeds.length), String(frames), cell("basic"), cell("combined"), cell("visual", 2), cell("psnr"), cell("ssim", 3)]; // biome-ignore format: a row
    });
  });
  return markdownTable([header, ...lines], { numbers: true });
}

/** One line an arm, mean and spread over its seeds. */
function armLines(group: Group, heading: string): string[] {
  const header = [heading, "seeds", "basic %", "combined %", "visual", "PSNR dB", "SSIM"];
  const lines = summariseArms(rowsOfGroup(group)).map((arm) => {
    const cell = (key: "basic" | "combined" | "visual" | "psnr" | "ssim", decimals = 1): string =>
      spread(arm[key], arm[`${key}Sd`], decimals);
    return [
      arm.arm,
      String(arm.seeds),
      cell("basic"),
      cell("combined"),
      cell("visual", 2),
      cell("psnr"),
      cell("ssim", 3),
    ];
  });
  return markdownTable([header, ...lines], { numbers: true });
}

function driftLines(): string[] {
  const table = readDriftTable();
  const header = [
    "video",
    "frames",
    "PSNR loss dB",
    "where it is dB",
    "combined %",
    "routes %",
    "revisit dB",
    "to truth dB",
    "objects kept",
  ];
  const lines = [...(table?.rows ?? []), ...(table?.controls ?? [])].map((row) => [
    row.model,
    String(row.frames),
    ...[spread(row.segmentPsnrLoss, row.segmentPsnrLossSd), number(row.ownPsnrLoss)],
    spread(row.combinedAccuracy, row.combinedAccuracySd),
    ...[number(row.routeAccuracy), row.accepted ? spread(row.revisitPsnr, row.revisitPsnrSd) : "rejected"],
    ...[number(row.revisitTruthPsnr), number(row.objectsKept, 2)],
  ]);
  return markdownTable([header, ...lines], { numbers: true });
}

/** Over training seeds; a line where nothing is recorded yet. */
function driftSeedLines(): string[] {
  const rows = summariseDrift(driftSeedRows());
  if (rows.length === 0) return [NO_DRIFT_SEEDS];
  const lines = rows.map((row) => [
    ...[row.model, String(row.seeds), String(row.frames)],
    ...DRIFT_SHOWN.map((name) => spread(row[name], row[`${name}Sd`], decimalsOf(name))),
  ]);
  return markdownTable([["model", "seeds", "frames", ...Object.values(DRIFT_HEADINGS)], ...lines], { numbers: true });
}

/** What `npm run bench` recorded; nothing where it never ran. */
const benchLines = (): string[] => ratioTable(readRecorded<{ rows: Comparison[] }>("bench.json")?.rows ?? []);

/** By the name of the section that each belongs in. */
export const readmeTables = (): Record<string, string[]> => ({
  "main-table": mainLines(),
  "seed-table": seedLines(),
  "reward-table": armLines("rewards", "trained on"),
  "objective-table": armLines("objective", "objective"),
  "curriculum-table": armLines("curriculum", "curriculum"),
  "drift-table": driftLines(),
  "drift-seed-table": driftSeedLines(),
  "bench-table": benchLines(),
});
