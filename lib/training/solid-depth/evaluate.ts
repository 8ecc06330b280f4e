/** How well the depth network tells solids and their depths on held-out scenes. */

import type { DepthNetwork } from "../../model/legacy/solid-depth/depth.ts";
import type { DepthBank, Moment } from "./bank.ts";

export interface DepthQuality {
  /** Pixels that are solid and found so, over those that are either; 0..1. */
  overlap: number;
  /** Mean absolute error of the logarithm of depth, where both are solid. */
  logError: number;
}

/** @param version 0: true pictures, 1: reconstructions */
export function depthQuality(network: DepthNetwork, bank: DepthBank, version: 0 | 1): DepthQuality {
  const found = network.depths(
    bank.map(({ versions }) => versions[version]),
    bank.map(({ pitch }) => pitch),
  );
  const counts = { both: 0, either: 0, error: 0 };
  bank.forEach((moment, i) => {
    count(counts, moment, found[i]);
  });
  return { overlap: counts.both / counts.either, logError: counts.error / counts.both };
}

function count(counts: Record<"both" | "either" | "error", number>, { depths }: Moment, found: Float32Array): void {
  depths.forEach((depth, pixel) => {
    const [is, isFound] = [depth < Infinity, found[pixel] < Infinity];
    if (is || isFound) counts.either++;
    if (!is || !isFound) return;
    counts.both++;
    counts.error += Math.abs(Math.log(found[pixel] / depth));
  });
}
