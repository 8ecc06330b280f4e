/** Means and spreads. */

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
};

/** Sample standard deviation (n - 1); 0 for fewer than two values. */
export function deviation(values: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  const m = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - m) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Standard error of the mean. */
export const standardError = (values: ArrayLike<number>): number => deviation(values) / Math.sqrt(values.length);

/** Ranks from 0; equal values share their mean rank. */
function ranks(values: ArrayLike<number>): number[] {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const out = new Array<number>(order.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) out[order[k]] = (from + to - 1) / 2;
  }
  return out;
}

/** Spearman's rank correlation, -1..1. @param a,b of equal length, neither constant */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [ranks(a), ranks(b)];
  const centre = (x.length - 1) / 2;
  const product = (p: number[], q: number[]): number =>
    p.reduce((sum, v, i) => sum + (v - centre) * (q[i] - centre), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}
