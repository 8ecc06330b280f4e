/** Euler integration of the probability-flow ODE from noise (sigma 1) to data (sigma 0). */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../util/errors.ts";

export interface SamplerConfig {
  /** Euler steps. */
  steps: number;
  /** Flow shift s: sigma = s t / (1 + (s - 1) t); larger spends more steps at high noise. */
  shift: number;
  /**
   * The last noise level above 0, instead of the shift's: what is left to the step from there to 0 is predicted as a mean,
   * so that fine detail needs a low one. Default: the shift's.
   */
  last?: number;
}

export const SAMPLER_DEFAULTS: SamplerConfig = { steps: 6, shift: 3, last: 0.2 };

/** Noise levels from 1 to 0, steps + 1 of them. */
export function sigmaSchedule({ steps, shift, last }: SamplerConfig): number[] {
  if (!Number.isInteger(steps) || steps < 1)
    throw new UserError(`a sampler of ${steps} steps`, "give a whole number of steps, 1 or more");
  if (!(shift > 0)) throw new UserError(`a flow shift of ${shift}`, "give a positive number; 1 means no shift");
  if (last !== undefined && steps > 1) return withLast(sigmaSchedule({ steps: steps - 1, shift }), last);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = 1 - i / steps;
    return (shift * t) / (1 + (shift - 1) * t);
  });
}

function withLast(sigmas: readonly number[], last: number): number[] {
  const before = sigmas[sigmas.length - 2];
  if (last > 0 && last < before) return [...sigmas.slice(0, -1), last, 0];
  throw new UserError(`a last noise level of ${last}`, `give one above 0 and below the one before it, ${before}`);
}

/** The part of the schedule that leads from noise level `sigma`, 0..1, to 0. @throws UserError for another level */
export function sigmasFrom(sigma: number, config: SamplerConfig): number[] {
  if (!(sigma > 0 && sigma <= 1))
    throw new UserError(`a start at noise level ${sigma}`, "give a number above 0, at most 1");
  const all = sigmaSchedule(config);
  return sigma === 1 ? all : [sigma, ...all.filter((level) => level < sigma)];
}

/**
 * @param velocity predicted eps - x0 at x and sigma; its result is consumed
 * @param noise x at noise level `from`; not disposed
 * @returns x at sigma 0
 */
export function integrate(
  velocity: (x: tf.Tensor, sigma: number) => tf.Tensor,
  noise: tf.Tensor,
  config: SamplerConfig,
  from = 1,
): tf.Tensor {
  const sigmas = sigmasFrom(from, config);
  let x = tf.clone(noise);
  for (let i = 0; i + 1 < sigmas.length; i++) {
    const next = tf.tidy(() => tf.add(x, tf.mul(velocity(x, sigmas[i]), sigmas[i + 1] - sigmas[i])));
    x.dispose();
    x = next;
  }
  return x;
}
