/** Recorded rows as tables and curves: one line an arm, mean and spread over its seeds. */
import type { LineSeries } from "../display/index.ts";
import type { Curve } from "../training/posttraining/curve.ts";
import { deviation, mean } from "../util/statistics.ts";
import { ARMS, type Group } from "./arms.ts";
import { ABLATIONS, type Ablations, type ArmRow, RESULTS, readRecorded } from "./record.ts";

/** Place among the arms; the base model, which is none of them, comes first. */
const rank = ({ group, arm }: ArmRow): number => ARMS.findIndex((known) => known.group === group && known.name === arm);

/** The recorded rows of a group, in the order of its arms and their seeds; none where nothing is recorded. */
export const rowsOfGroup = (group: Group, results = RESULTS): ArmRow[] =>
  (readRecorded<Ablations>(ABLATIONS, results)?.rows ?? [])
    .filter((row) => row.group === group)
    .sort((a, b) => rank(a) - rank(b) || a.seed - b.seed);

const QUANTITIES = ["basic", "combined", "translation", "rotation", "psnr", "ssim", "visual", "minutes"] as const;
type Quantity = (typeof QUANTITIES)[number];

/** Means over seeds; `<quantity>Sd` is the standard deviation. Null: not measured. */
export type ArmSummary = { arm: string; seeds: number; iterations: number } & Record<Quantity, number | null> &
  Record<`${Quantity}Sd`, number | null>;

const armNames = (rows: readonly ArmRow[]): string[] => [...new Set(rows.map(({ arm }) => arm))];

export function summariseArms(rows: readonly ArmRow[]): ArmSummary[] {
  return armNames(rows).map((arm) => {
    const own = rows.filter((row) => row.arm === arm);
    const cells = QUANTITIES.flatMap((name) => {
      const values = own.map((row) => row[name]).filter((value) => value !== null);
      const known = values.length === own.length;
      return [
        [name, known ? mean(values) : null],
        [`${name}Sd`, known && values.length > 1 ? deviation(values) : null],
      ];
    });
    return { arm, seeds: own.length, iterations: own[0].iterations, ...Object.fromEntries(cells) } as ArmSummary;
  });
}

/** Learning curves of the arms' first seeds; arms without this probe are left out. */
export function curveSeries(
  rows: readonly ArmRow[],
  probe: string,
  against: Exclude<keyof Curve, "probes"> = "iteration",
): LineSeries[] {
  return armNames(rows).flatMap((arm) => {
    const curve = rows.find((row) => row.arm === arm)?.curve;
    const values = curve?.probes[probe];
    return curve && values ? [{ name: arm, x: curve[against], y: values }] : [];
  });
}
