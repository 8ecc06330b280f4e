/** Drift and memory over training seeds, for notebooks. */
import { type Displayable, markdown, plusMinus, table } from "../display/index.ts";
import { FURTHER } from "./arms.ts";
import { pairedGains } from "./drift-pairs.ts";
import { driftSeedRows } from "./drift-record.ts";
import { type DriftSummary, summariseDrift } from "./drift-summary.ts";
import { RESULTS } from "./record.ts";

export const DRIFT_HEADINGS = {
  segmentPsnrLoss: "PSNR loss dB",
  ownPsnrLoss: "where it is dB",
  combinedAccuracy: "combined %",
  routeAccuracy: "routes %",
  revisitPsnr: "revisit dB",
  objectsKept: "objects kept",
} as const;
type Shown = keyof typeof DRIFT_HEADINGS;
export const DRIFT_SHOWN = Object.keys(DRIFT_HEADINGS) as Shown[];

export const NO_DRIFT_SEEDS =
  "*No rows over training seeds recorded yet; `npm run experiments -- --only drift-memory` makes them.*";

export const decimalsOf = (name: Shown): number => (name === "objectsKept" ? 2 : 1);
const cell = (row: DriftSummary, name: Shown): string => plusMinus(row[name], row[`${name}Sd`], decimalsOf(name));

/** Mean and spread over training seeds, or a line that says how they are made. */
export function driftSeedTable(caption?: string, results = RESULTS): Displayable {
  const rows = summariseDrift(driftSeedRows(results));
  if (rows.length === 0) return markdown(NO_DRIFT_SEEDS);
  return table(rows, {
    columns: ["model", "seeds", "frames", ...DRIFT_SHOWN],
    headings: DRIFT_HEADINGS,
    formats: Object.fromEntries(
      DRIFT_SHOWN.map((name) => [name, (_, row) => cell(row as unknown as DriftSummary, name)]),
    ),
    caption,
  });
}

/**
 * What each model gains at revisits over another, in pairs of equal prompt and training seed.
 * @param against by default further training alone
 */
export function pairedTable(against: string = FURTHER, results = RESULTS): Displayable {
  const gains = pairedGains(driftSeedRows(results), against);
  if (gains.length === 0) return markdown(NO_DRIFT_SEEDS);
  return table(gains, {
    columns: ["model", "seeds", "gain", "better", "pairs"],
    headings: { gain: "revisit dB", better: "better in" },
    formats: { gain: (value, row) => plusMinus(value as number, row.gainSd as number | null, 2) },
    caption: `against ${against}`,
  });
}
