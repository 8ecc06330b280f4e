/** The rows of the main table beside the paper's. */
import { existsSync } from "node:fs";
import { type Displayable, plusMinus, table } from "../display/index.ts";
import { assertRecorded, PAPER_TABLE, type Row, readTable } from "../evaluation/index.ts";
import { fromRoot } from "../util/root.ts";

/** Models of the main table that this notebook measures, as far as they are shipped; the name is the checkpoint's. */
export const trainedModels = (): string[] =>
  ["post-trained", "continued-pretraining"].filter((name) => existsSync(fromRoot(`checkpoints/${name}/config.json`)));

/** The paper's accuracy of its 8B model; of no model but the base and the post-trained. */
function paperAccuracy({ model, actions, frames }: Row): number | null {
  const row = PAPER_TABLE.find((r) => r.base === "8B" && r.actions === actions && r.frames === frames);
  if (model === "base") return row?.accuracy[0] ?? null;
  return model === "post-trained" ? (row?.accuracy[1] ?? null) : null;
}

/** @param measured rows of this run; the base's are the recorded ones */
export function mainTable(measured: readonly Row[]): Displayable {
  const frames = new Set(measured.map((row) => row.frames));
  const base = readTable().rows.filter((row) => row.model === "base" && (frames.size === 0 || frames.has(row.frames)));
  const rows = [...base, ...measured].map((row) => ({ ...row, paper: paperAccuracy(row) }));
  return table(rows, {
    columns: ["model", "actions", "frames", "accuracy", "paper", "translation", "rotation", "psnr", "ssim", "visual"],
    headings: { accuracy: "exact %", paper: "paper 8B %", psnr: "PSNR dB", ssim: "SSIM" },
    formats: {
      accuracy: (value, row) => plusMinus(value as number, row.accuracySd as number),
      ...{ paper: 1, translation: 1, rotation: 1, psnr: 1, ssim: 3, visual: 2 },
    },
  });
}

/** Compares rows with the recorded ones; models that were never recorded are not compared. */
export function assertKnown(measured: readonly Row[]) {
  const recorded = readTable();
  const known = new Set(recorded.rows.map(({ model }) => model));
  const comparable = measured.filter(({ model }) => known.has(model));
  return comparable.length === 0 ? [] : assertRecorded(comparable, recorded);
}
