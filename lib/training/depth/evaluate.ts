/** How well a depth network reads levels that it was not trained on. */
import type { DepthNetwork } from "../../model/depth/depth.ts";
import { mean } from "../../util/statistics.ts";
import { type DepthBank, FARTHEST, NEAREST } from "./bank.ts";

export interface DepthQuality {
  /** Absolute error of the logarithm of depth, mean and median over pixels. */
  readonly meanError: number;
  readonly medianError: number;
  /** Mean absolute error of the pitch, in its steps. */
  readonly pitchError: number;
}

/** @param version of the bank's pictures */
export function depthQuality(network: DepthNetwork, bank: DepthBank, version: number): DepthQuality {
  const { step } = network.config;
  const { depths, pitches } = network.read(bank.versions[version]);
  const errors = depths.map((depth, i) => {
    const steps = Math.max(NEAREST, Math.min(FARTHEST, depth / step.translation));
    return Math.abs(Math.log(steps) - bank.logDepths[i]);
  });
  return {
    meanError: mean(errors),
    medianError: errors.slice().sort()[errors.length >> 1],
    pitchError: mean(pitches.map((pitch, i) => Math.abs(pitch / step.pitch - bank.pitches[i]))),
  };
}
