/** Drift and memory over training seeds: data/results/drift-seeds.json. */
import { DRIFT_MODELS } from "../evaluation/drift-memory-profile.ts";
import type { DriftRow } from "../evaluation/drift-memory-table.ts";
import { FURTHER, OBEDIENCE_MEMORY } from "./arms.ts";
import { RESULTS, type Recorded, readRecorded, updateRecorded } from "./record.ts";

export interface DriftSeedRow extends DriftRow {
  /** Of the post-training; null of the base model, which has none. `seeds` are those of the sampling noise. */
  trainingSeed: number | null;
  /** Revisits of each prompt of `driftSeedProfile().returns`, dB; the same at every horizon. */
  returns: number[];
}

export const DRIFT_SEEDS = "drift-seeds.json";

const [BASE, PLAIN, OBEDIENT, ...REWARDED] = Object.keys(DRIFT_MODELS);
/** In the order of the tables; two arms are measured over seeds only, and not shipped. */
const MODELS = [BASE, PLAIN, FURTHER, OBEDIENT, OBEDIENCE_MEMORY, ...REWARDED];
const sameRun = (a: DriftSeedRow, b: DriftSeedRow): boolean => a.model === b.model && a.trainingSeed === b.trainingSeed;

/** By model, training seed and horizon, whichever process was first. */
const inOrder = (a: DriftSeedRow, b: DriftSeedRow): number =>
  MODELS.indexOf(a.model) - MODELS.indexOf(b.model) ||
  (a.trainingSeed ?? 0) - (b.trainingSeed ?? 0) ||
  a.frames - b.frames;

/** The recorded rows; none where nothing is recorded. */
export const driftSeedRows = (results = RESULTS): DriftSeedRow[] =>
  readRecorded<Recorded<DriftSeedRow>>(DRIFT_SEEDS, results)?.rows ?? [];

/**
 * Adds the rows of a run, in the place of its earlier ones.
 * @throws UserError where the recorded rows come from other networks
 */
export const recordDriftSeeds = (
  rows: readonly DriftSeedRow[],
  checkpoints: Record<string, string>,
  results = RESULTS,
): Recorded<DriftSeedRow> =>
  updateRecorded<DriftSeedRow>({ name: DRIFT_SEEDS, results, checkpoints }, (before) =>
    [...before.filter((other) => !rows.some((row) => sameRun(row, other))), ...rows].sort(inOrder),
  );
