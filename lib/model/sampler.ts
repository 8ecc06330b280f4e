/**
 * The sampler: from noise (sigma 1) to data (sigma 0) in Euler steps of the probability-flow ODE, or of a stochastic
 * equation with the same marginals in its early steps (Flow-GRPO, arXiv 2505.05470). Noise levels are sigma; x_t = (1 - sigma)
 * x0 + sigma eps, v = eps - x0.
 */
import { UserError } from "../util/errors.ts";

export interface SamplerConfig {
  /** Euler steps. */
  readonly steps: number;
  /** Flow shift s: sigma = s t / (1 + (s - 1) t); larger spends more steps at high noise. */
  readonly shift: number;
  /**
   * The last noise level above 0, instead of the shift's: what is left to the step from there to 0 is predicted as a mean,
   * so that fine detail needs a low one. 0: the shift's.
   */
  readonly last: number;
  /** Share of the steps, the first ones, in which a stochastic sampler takes fresh noise. */
  readonly etaShare: number;
}

export const SAMPLER_DEFAULTS: SamplerConfig = { steps: 4, shift: 3, last: 0.2, etaShare: 0.3 };

/** How the next state follows: next ~ N(fromX * x + fromV * v, std^2). */
export interface Transition {
  readonly fromX: number;
  readonly fromV: number;
  readonly std: number;
}

/** Noise levels from 1 to 0, steps + 1 of them. @throws UserError on settings that make no schedule */
export function sigmaSchedule({ steps, shift, last }: Omit<SamplerConfig, "etaShare">): number[] {
  if (!Number.isInteger(steps) || steps < 1)
    throw new UserError(`a sampler of ${steps} steps`, "give a whole number of steps, 1 or more");
  if (!(shift > 0)) throw new UserError(`a flow shift of ${shift}`, "give a positive number; 1 means no shift");
  if (last !== 0 && steps > 1) return withLast(sigmaSchedule({ steps: steps - 1, shift, last: 0 }), last);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = 1 - i / steps;
    return (shift * t) / (1 + (shift - 1) * t);
  });
}

function withLast(sigmas: readonly number[], last: number): number[] {
  const before = sigmas[sigmas.length - 2];
  if (last > 0 && last < before) return [...sigmas.slice(0, -1), last, 0];
  throw new UserError(`a last noise level of ${last}`, `give one above 0 and below the one before it, ${before}, or 0`);
}

/** The part of the schedule that leads from noise level `sigma`, 0..1, to 0. @throws UserError for another level */
export function sigmasFrom(sigma: number, config: SamplerConfig): number[] {
  if (!(sigma > 0 && sigma <= 1))
    throw new UserError(`a start at noise level ${sigma}`, "give a number above 0, at most 1");
  const all = sigmaSchedule(config);
  return sigma === 1 ? all : [sigma, ...all.filter((level) => level < sigma)];
}

/**
 * From noise level `sigma` to `next`. Part of the predicted noise is replaced by fresh noise, and the noise level of the
 * result is exactly `next` ("coefficients-preserving sampling", arXiv 2509.05952): with x0 = x - sigma v and
 * eps = x + (1 - sigma) v, the next state is (1 - next) x0 + sqrt(next^2 - std^2) eps + std noise.
 *
 * @param eta 0: Euler's step of the probability-flow ODE; 1: all noise is fresh
 */
export function transitionOf(sigma: number, next: number, eta: number): Transition {
  if (eta === 0) return { fromX: 1, fromV: next - sigma, std: 0 };
  const std = next * Math.sin((eta * Math.PI) / 2);
  const kept = next * Math.cos((eta * Math.PI) / 2);
  return { fromX: 1 - next + kept, fromV: kept * (1 - sigma) - (1 - next) * sigma, std };
}
