/** The objectives in float64, one number at a time, and their gradients by central differences. */
import type { NftConfig } from "../../lib/objective/nft.ts";

/** One sample: arrays of equal length. */
export interface Point {
  xt: number[];
  sigma: number;
  x0: number[];
  vOld: number[];
  vTheta: number[];
  vReference: number[];
  r: number;
  mask: number[];
}

function meanWhere(mask: number[], value: (i: number) => number): number {
  let [sum, count] = [0, 0];
  mask.forEach((m, i) => {
    sum += m * value(i);
    count += m;
  });
  return sum / count;
}

/** The stop-gradient variant and the adaptive weight need values that a difference quotient must hold fixed. */
export function nftReference(at: Point, config: NftConfig, fixed: Point = at): number {
  const { beta, adaptiveWeight, oldPolicy, positiveOnly, klWeight } = config;
  const sided = (p: Point, sign: number) => (i: number) => {
    const old = (oldPolicy === "true" ? p : fixed).vOld[i];
    const v = (oldPolicy === "true" ? old : fixed.vTheta[i]) * (1 - sign * beta) + sign * beta * p.vTheta[i];
    return p.xt[i] - p.sigma * v - p.x0[i];
  };
  const error = (sign: number): number => {
    const size = Math.max(
      1e-5,
      meanWhere(at.mask, (i) => Math.abs(sided(fixed, sign)(i))),
    );
    return meanWhere(at.mask, (i) => sided(at, sign)(i) ** 2) / (adaptiveWeight ? size : 1);
  };
  const negative = positiveOnly ? 0 : (1 - at.r) * error(-1);
  const kl = klWeight * meanWhere(at.mask, (i) => (at.vTheta[i] - at.vReference[i]) ** 2);
  return at.r * error(1) + negative + kl;
}

const H = 1e-5;

/** d loss / d vTheta by central differences. */
export function gradientOf(loss: (at: Point) => number, at: Point): number[] {
  return at.vTheta.map((_, i) => {
    const moved = (h: number): Point => ({ ...at, vTheta: at.vTheta.map((v, j) => (i === j ? v + h : v)) });
    return (loss(moved(H)) - loss(moved(-H))) / (2 * H);
  });
}
