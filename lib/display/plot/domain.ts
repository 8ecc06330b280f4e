import { UserError } from "../../util/errors.ts";
import type { Axis, Chart, Mark, Values } from "./chart.ts";
import { SMALLEST } from "./check.ts";
import { extentOf } from "./thin.ts";

/** Air around points, as a part of what they span. */
const AIR = 0.04;

/** Everything of a mark that an axis must show: error bars with both ends, bars with their foot. */
function valuesOf(mark: Mark, direction: "x" | "y"): Values[] {
  if (mark.kind === "cells") return [];
  const ends = direction === "y" ? [mark.low, mark.high].filter((values) => values !== undefined) : [];
  if (mark.kind === "bars") return direction === "x" ? [mark.from, mark.to] : [[0], mark.y, ...ends];
  return [mark[direction], ...ends];
}

/** Numbers closer together than this share of their size are one on an axis. */
const CLOSE = 1e-12;

/** What a scale reaches from and to, given the lowest and the highest number on it. */
export function spanOf(low: number, high: number, log = false): [number, number] {
  if (!(low <= high)) return log ? [1, 10] : [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > CLOSE * size + SMALLEST) return [low, high];
  if (log) return [low / 2, high * 2];
  const air = size > SMALLEST ? size * AIR : 1;
  return [low - air, high + air];
}

/** @throws UserError where a log axis would have to show 0 or less */
export function domainOf({ x, y, marks, references }: Chart, direction: "x" | "y"): [number, number] {
  const axis: Axis = direction === "x" ? x : y;
  if (axis.categories) {
    const ends: [number, number] = [-0.5, axis.categories.length - 0.5];
    return direction === "y" ? [ends[1], ends[0]] : ends;
  }
  if (axis.range) return [...axis.range];
  const log = axis.type === "log";
  const lines = references.flatMap((line) => line[direction] ?? []);
  const extents = [...marks.flatMap((mark) => valuesOf(mark, direction)), lines].map(extentOf);
  const [low, high] = [Math.min(...extents.map(([a]) => a)), Math.max(...extents.map(([, b]) => b))];
  if (log && low < SMALLEST)
    throw new UserError(`${low} cannot be shown on a log axis`, "leave it out, or use a linear axis");
  const [a, b] = spanOf(low, high, log);
  const air = (b - a) * AIR;
  if (log) return [a, b];
  if (!marks.some(({ kind }) => kind === "bars")) return [a - air, b + air];
  // Bins reach from edge to edge, and bars stand on the frame.
  return direction === "x" ? [a, b] : [a < 0 ? a - air : a, b > 0 ? b + air : b];
}
