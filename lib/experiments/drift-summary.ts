/** One line for each model and horizon: mean and spread over training seeds. */
import { deviation, mean } from "../util/statistics.ts";
import type { DriftSeedRow } from "./drift-record.ts";

const QUANTITIES = [
  "segmentPsnrLoss",
  "ownPsnrLoss",
  "revisitPsnr",
  "combinedAccuracy",
  "routeAccuracy",
  "objectsKept",
] as const;
type Quantity = (typeof QUANTITIES)[number];

/** Means over seeds; `<quantity>Sd` is the standard deviation, null of one seed. Null: rejected, or nothing to measure. */
export type DriftSummary = { model: string; seeds: number; frames: number } & Record<Quantity, number | null> &
  Record<`${Quantity}Sd`, number | null>;

const summaryOf = (rows: readonly DriftSeedRow[]): DriftSummary => {
  const cells = QUANTITIES.flatMap((name) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== null);
    const known = values.length === rows.length;
    return [
      [name, known ? mean(values) : null],
      [`${name}Sd`, known && values.length > 1 ? deviation(values) : null],
    ];
  });
  const [{ model, frames }] = rows;
  return { model, seeds: rows.length, frames, ...Object.fromEntries(cells) } as DriftSummary;
};

/** In the order of the rows. */
export function summariseDrift(rows: readonly DriftSeedRow[]): DriftSummary[] {
  const name = ({ model, frames }: DriftSeedRow): string => `${model} ${frames}`;
  return [...new Set(rows.map(name))].map((group) => summaryOf(rows.filter((row) => name(row) === group)));
}
