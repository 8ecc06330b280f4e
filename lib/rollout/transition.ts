/** One step of a sampler as a Gaussian: next ~ N(fromX * x + fromV * v, std^2). */

export interface Transition {
  readonly fromX: number;
  readonly fromV: number;
  readonly std: number;
}

/**
 * From noise level `sigma` to `sigmaNext`. Part of the predicted noise is replaced by fresh noise, and the noise level
 * of the result is exactly sigmaNext ("coefficients-preserving sampling", arXiv 2509.05952): with x0 = x - sigma v and
 * eps = x + (1 - sigma) v, next = (1 - sigmaNext) x0 + sqrt(sigmaNext^2 - std^2) eps + std noise.
 *
 * @param eta 0: Euler's step of the probability-flow ODE; 1: all noise is fresh
 */
export function transitionOf(sigma: number, sigmaNext: number, eta: number): Transition {
  if (eta === 0) return { fromX: 1, fromV: sigmaNext - sigma, std: 0 };
  const std = sigmaNext * Math.sin((eta * Math.PI) / 2);
  const kept = sigmaNext * Math.cos((eta * Math.PI) / 2);
  return { fromX: 1 - sigmaNext + kept, fromV: kept * (1 - sigma) - (1 - sigmaNext) * sigma, std };
}
