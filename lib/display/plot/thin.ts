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

/** Of every run of points in one column: the first, the lowest, the highest and the last; of a gap one. */
function outline({ x, y }: Line, log: boolean): number[] {
  const columns = stepsOf(x, COLUMNS, log);
  const columnOf = (i: number): number => (y[i] === null ? -1 : columns[i]);
  const kept: number[] = [];
  for (let start = 0; start < x.length; ) {
    const column = columnOf(start);
    let [end, lowest, highest] = [start, start, start];
    for (; end < x.length && columnOf(end) === column; end++) {
      if (column < 0) continue;
      if ((y[end] as number) < (y[lowest] as number)) lowest = end;
      if ((y[end] as number) > (y[highest] as number)) highest = end;
    }
    const chosen = column < 0 ? [start] : [start, lowest, highest, end - 1];
    kept.push(...new Set(chosen.sort((a, b) => a - b)));
    start = end;
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
