/** Steps of 1, 2 or 5 times a power of ten that divide [low, high] into about `count` parts. */
export function niceStep(low: number, high: number, count: number): number {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const ratio = rough / power;
  return power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
}

/** The multiples of a nice step inside [low, high]. */
export function niceTicks(low: number, high: number, count: number): { values: number[]; step: number } {
  const step = niceStep(low, high, count);
  const values: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) values.push(k === 0 ? 0 : k * step);
  return { values, step };
}

/** Decimals needed to tell multiples of `step` apart. */
const decimalsOf = (step: number): number => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

/** A tick's label as plotly writes it: proper minus sign, thousands as k, millions as M. */
export function tickLabel(value: number, step: number): string {
  const size = Math.max(Math.abs(value), step);
  const [unit, suffix] = size >= 1e6 ? [1e6, "M"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
  const text = value === 0 ? "0" : (value / unit).toFixed(decimalsOf(step / unit)) + suffix;
  return text.replace("-", "−");
}

/** Whether a log axis over 10^low to 10^high has room for ticks at 2 and 5 times the powers of ten. */
export const showsDigits = (low: number, high: number): boolean => high - low < 2.5;

/** Exponents of the ticks of a log axis over 10^low to 10^high: whole ones, and 2s and 5s where those are few. */
export function logTicks(low: number, high: number): number[] {
  const mantissas = showsDigits(low, high) ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let e = Math.floor(low); e <= Math.ceil(high); e++) ticks.push(...mantissas.map((m) => e + Math.log10(m)));
  return ticks.filter((tick) => tick >= low - 1e-9 && tick <= high + 1e-9);
}

/** The label of 10^exponent. */
export function logLabel(exponent: number): string {
  const value = 10 ** exponent;
  return value >= 1e-3 && value < 1e4 ? String(Number(value.toPrecision(3))) : tickLabel(value, value);
}
