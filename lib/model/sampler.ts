/** Euler integration of the probability-flow ODE from noise (sigma 1) to data (sigma 0). */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../util/errors.ts";

export interface SamplerConfig {
  /** Euler steps. */
  steps: number;
  /** Flow shift s: sigma = s t / (1 + (s - 1) t); larger spends more steps at high noise. */
  shift: number;
}

export const SAMPLER_DEFAULTS: SamplerConfig = { steps: 8, shift: 3 };

/** Noise levels from 1 to 0, steps + 1 of them. */
export function sigmaSchedule({ steps, shift }: SamplerConfig): number[] {
  if (!Number.isInteger(steps) || steps < 1)
    throw new UserError(`a sampler of ${steps} steps`, "give a whole number of steps, 1 or more");
  if (!(shift > 0)) throw new UserError(`a flow shift of ${shift}`, "give a positive number; 1 means no shift");
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = 1 - i / steps;
    return (shift * t) / (1 + (shift - 1) * t);
  });
}

/**
 * @param velocity predicted eps - x0 at x and sigma; its result is consumed
 * @param noise x at sigma 1; not disposed
 * @returns x at sigma 0
 */
export function integrate(
  velocity: (x: tf.Tensor, sigma: number) => tf.Tensor,
  noise: tf.Tensor,
  config: SamplerConfig,
): tf.Tensor {
  const sigmas = sigmaSchedule(config);
  let x = tf.clone(noise);
  for (let i = 0; i < config.steps; i++) {
    const next = tf.tidy(() => tf.add(x, tf.mul(velocity(x, sigmas[i]), sigmas[i + 1] - sigmas[i])));
    x.dispose();
    x = next;
  }
  return x;
}
