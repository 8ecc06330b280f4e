/** What an arm gains at revisits over another of the same training seeds, prompt by prompt. */
import { deviation, mean } from "../util/statistics.ts";
import type { DriftSeedRow } from "./drift-record.ts";

export interface PairedGain {
  model: string;
  /** Training seeds that both have. */
  seeds: number;
  /** Mean over these of the mean gain over prompts, dB, and its standard deviation over them; null of one seed. */
  gain: number;
  gainSd: number | null;
  /** Pairs of one prompt and seed, and those in which the arm is better. */
  pairs: number;
  better: number;
}

/** Of every model with training seeds that `against` has too. */
export function pairedGains(rows: readonly DriftSeedRow[], against: string): PairedGain[] {
  const returnsOf = (model: string, seed: number | null): readonly number[] | undefined =>
    rows.find((row) => row.model === model && row.trainingSeed === seed)?.returns;
  const gainsOf = (model: string, seed: number | null): number[] => {
    const [own, other] = [returnsOf(model, seed), returnsOf(against, seed)];
    return own && other ? own.map((value, prompt) => value - other[prompt]) : [];
  };
  const models = [...new Set(rows.map(({ model }) => model))].filter((model) => model !== against);
  const seeds = [...new Set(rows.map(({ trainingSeed }) => trainingSeed))];
  return models.flatMap((model) => {
    const bySeed = seeds.map((seed) => gainsOf(model, seed)).filter((gains) => gains.length > 0);
    if (bySeed.length === 0) return [];
    const means = bySeed.map(mean);
    const all = bySeed.flat();
    return {
      ...{ model, seeds: bySeed.length, gain: mean(means), gainSd: means.length > 1 ? deviation(means) : null },
      ...{ pairs: all.length, better: all.filter((gain) => gain > 0).length },
    };
  });
}
