/** What clip-level rollouts save: the cost at which two learning curves reach the same accuracy. */
import type { Curve } from "../training/posttraining/curve.ts";
import { mean } from "../util/statistics.ts";
import type { ArmRow } from "./record.ts";

/** The probe that both curves are compared by. */
export const PROBE = "interaction-exact";

/**
 * Cost at which a curve first reaches a level, between two probes by straight line.
 * @returns null where it never does
 */
export function costAt(level: number, values: readonly number[], costs: readonly number[]): number | null {
  const i = values.findIndex((value) => value >= level);
  if (i <= 0) return i === 0 ? costs[0] : null;
  const share = (level - values[i - 1]) / (values[i] - values[i - 1]);
  return costs[i - 1] + share * (costs[i] - costs[i - 1]);
}

/** Costs of the highest accuracy that both curves reach. */
export interface EqualAccuracy {
  /** Mean of the probe, 0..1. */
  accuracy: number;
  clipGenerations: { clip: number; sequence: number };
  seconds: { clip: number; sequence: number };
}

/** @returns null where one of the two never rose above its start */
export function equalAccuracy(clip: Curve, sequence: Curve): EqualAccuracy | null {
  const [a, b] = [clip, sequence].map(({ probes }) => probes[PROBE]);
  const accuracy = Math.min(Math.max(...a), Math.max(...b));
  if (!(accuracy > Math.max(a[0], b[0]))) return null;
  const cost = (key: "clipGenerations" | "seconds") => ({
    clip: costAt(accuracy, a, clip[key]) as number,
    sequence: costAt(accuracy, b, sequence[key]) as number,
  });
  return { accuracy, clipGenerations: cost("clipGenerations"), seconds: cost("seconds") };
}

/** One arm's cost and gain. */
export interface EfficiencyPart {
  arm: string;
  seed: number;
  iterations: number;
  clipGenerationsPerIteration: number;
  secondsPerIteration: number;
  /** Of the probe: the base model's, and the highest. */
  accuracy: [first: number, best: number];
}

export interface Efficiency {
  /** Sequence-level over clip-level, to equal accuracy, mean over seeds; null where no seed's curves both rose. */
  clipGenerationsRatio: number | null;
  wallTimeRatioToEqualAccuracy: number | null;
  equalAccuracy: ({ seed: number } & EqualAccuracy)[];
  parts: EfficiencyPart[];
}

const partOf = ({ arm, seed, iterations, clipGenerations, minutes, curve }: ArmRow): EfficiencyPart => ({
  arm,
  seed,
  iterations,
  clipGenerationsPerIteration: clipGenerations / iterations,
  secondsPerIteration: Number(((60 * minutes) / iterations).toFixed(2)),
  accuracy: [curve.probes[PROBE][0], Math.max(...curve.probes[PROBE])],
});

/** @param rows of the group `efficiency` */
export function efficiencyOf(rows: readonly ArmRow[]): Efficiency {
  const of = (name: string): ArmRow[] => rows.filter(({ arm }) => arm === name);
  const equal = of("clip").flatMap((clip) => {
    const sequence = of("sequence").find(({ seed }) => seed === clip.seed);
    const costs = sequence && equalAccuracy(clip.curve, sequence.curve);
    return costs ? [{ seed: clip.seed, ...costs }] : [];
  });
  const ratio = (key: "clipGenerations" | "seconds"): number | null => {
    const ratios = equal.map((costs) => costs[key].sequence / costs[key].clip);
    return ratios.length > 0 ? Number(mean(ratios).toFixed(2)) : null;
  };
  return {
    clipGenerationsRatio: ratio("clipGenerations"),
    wallTimeRatioToEqualAccuracy: ratio("seconds"),
    equalAccuracy: equal,
    parts: rows.map(partOf),
  };
}
