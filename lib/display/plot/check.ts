/** What is asked of a chart beside its values, once it is certain that it can be drawn. */
import { UserError } from "../../util/errors.ts";

/** Numbers beyond these cannot be told from infinity, or from 0, once an axis has reckoned with them. */
export const LARGEST = 1e300;
export const SMALLEST = 1e-300;

/** Pixels of a side. */
const SIDE = [40, 8000] as const;

/** @throws UserError naming the number and its range */
export function within(name: string, value: number, [low, high]: readonly [number, number]): number {
  if (value >= low && value <= high) return value;
  throw new UserError(`${name} is ${value}`, `give a number from ${low} to ${high}`);
}

/** @throws UserError as `within`, and where it is not a whole number */
export function wholeWithin(name: string, value: number, [low, high]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UserError(`${name} is ${value}`, `give a whole number from ${low} to ${high}`);
}

/** @throws UserError unless it is two different numbers that an axis can reach from and to */
export function checkRange(name: string, range: readonly [number, number] | undefined, log = false): void {
  if (!range) return;
  const least = log ? SMALLEST : -LARGEST;
  const sound = range.length === 2 && range.every((end) => end >= least && end <= LARGEST);
  if (sound && Math.abs(range[1] - range[0]) > SMALLEST) return;
  throw new UserError(`${name} is [${range}]`, `give two different numbers${log ? " above 0" : ""}`);
}

/** @throws UserError where a picture cannot be so wide or high */
export function checkSize({ width, height }: { width?: number; height?: number }): void {
  if (width !== undefined) within("the width of a figure", width, SIDE);
  if (height !== undefined) within("the height of a figure", height, SIDE);
}

interface Asked {
  x?: { range?: readonly [number, number]; type?: "linear" | "log" };
  y?: Asked["x"];
  width?: number;
  height?: number;
}

/** @throws UserError naming what makes no sense */
export function checkOptions(options: Asked): void {
  checkSize(options);
  for (const axis of ["x", "y"] as const)
    checkRange(`the range of ${axis}`, options[axis]?.range, options[axis]?.type === "log");
}

/** Whether there is a place for the line: what is not finite has none, as a point has none. */
export const isDrawn = ({ x, y }: { x?: number; y?: number }): boolean => Math.abs(y ?? x ?? Number.NaN) <= LARGEST;
