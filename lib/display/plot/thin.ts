/** Many points made few without a difference that can be seen: a million points are a few thousand on the page. */
import type { Values } from "./chart.ts";

/** Beyond this many points a mark is thinned. */
export const MANY = 10_000;
/** Columns and rows that a picture is told apart in: two for every pixel of the widest figure. */
const COLUMNS = 1720;
const ROWS = 420;

interface Line {
  x: Values;
  y: Values;
  low?: Values;
  high?: Values;
}

/** Smallest and largest of the values that are there. */
export function extentOf(values: Values): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Which of `count` steps from the lowest to the highest each value falls in; -1 for a gap. */
function stepsOf(values: Values, count: number, log: boolean): Int32Array {
  const place = log ? Math.log : (value: number): number => value;
  const [low, high] = extentOf(values).map(place);
  const scale = high > low ? count / (high - low) : 0;
  return Int32Array.from(values, (value) => (value === null ? -1 : Math.floor((place(value) - low) * scale)));
}

/** Points `start` to `end` of one column: the first, the lowest, the highest and the last, and gaps before and after them. */
function outlineOf(y: Values, isGap: (i: number) => boolean, start: number, end: number): Set<number> {
  let [first, last, lowest, highest] = [end, start, start, start];
  for (let i = start; i < end; i++) {
    if (isGap(i)) continue;
    if (first === end) [first, lowest, highest] = [i, i, i];
    if ((y[i] as number) < (y[lowest] as number)) lowest = i;
    if ((y[i] as number) > (y[highest] as number)) highest = i;
    last = i;
  }
  const values = first === end ? [] : [first, lowest, highest, last];
  return new Set([start, ...values, end - 1].filter((i) => values.includes(i) || isGap(i)).sort((a, b) => a - b));
}

/** The outline of every run of points in one column. A gap within a column cannot be seen, and a wide one is one. */
function outline({ x, y }: Line, log: boolean): number[] {
  const columns = stepsOf(x, COLUMNS, log);
  const isGap = (i: number): boolean => columns[i] < 0 || y[i] === null;
  const kept: number[] = [];
  for (let start = 0, end = 0; start < x.length; start = end) {
    while (end < x.length && (columns[end] === columns[start] || columns[end] < 0)) end++;
    for (const i of outlineOf(y, isGap, start, end)) if (!isGap(i) || !isGap(kept[kept.length - 1] ?? i)) kept.push(i);
  }
  return kept;
}

/** One point of those that cover each other. */
function apart({ x, y }: Line, logX: boolean, logY: boolean): number[] {
  const [columns, rows] = [stepsOf(x, COLUMNS / 4, logX), stepsOf(y, ROWS / 2, logY)];
  const seen = new Set<number>();
  return Array.from(x.keys()).filter((i) => {
    if (columns[i] < 0 || rows[i] < 0) return false;
    const key = columns[i] * ROWS + rows[i];
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function only<T extends Line>(line: T, kept: readonly number[]): T {
  const pick = (values: Values | undefined): Values | undefined => values && kept.map((i) => values[i]);
  return { ...line, x: pick(line.x), y: pick(line.y), low: pick(line.low), high: pick(line.high) };
}

export const thinnedLine = <T extends Line>(line: T, log = false): T =>
  line.x.length <= MANY ? line : only(line, outline(line, log));

export const thinnedPoints = <T extends Line>(points: T, log = { x: false, y: false }): T =>
  points.x.length <= MANY ? points : only(points, apart(points, log.x, log.y));
