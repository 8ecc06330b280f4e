/** What a chart shows, in numbers: what the still and the interactive picture are both drawn from. */
import { checkOptions, isDrawn, LARGEST } from "./check.ts";
import { MUTED } from "./theme.ts";

export type Values = readonly (number | null)[];

interface Named {
  name: string;
  color: string;
}

export interface LineMark extends Named {
  kind: "line";
  x: Values;
  /** A null breaks the line. */
  y: Values;
  /** Edges of a band around the line. */
  low?: Values;
  high?: Values;
  dash?: "solid" | "dash" | "dot";
  /** Mark each point. */
  points: boolean;
}

export interface PointsMark extends Named {
  kind: "points";
  x: Values;
  y: Values;
  /** Ends of the error bars. */
  low?: Values;
  high?: Values;
  /** Diameter in pixels. */
  size: number;
}

export interface BarsMark extends Named {
  kind: "bars";
  /** Left and right edges. */
  from: readonly number[];
  to: readonly number[];
  /** A null leaves its place empty. */
  y: Values;
  low?: Values;
  high?: Values;
  opacity: number;
  /** What each bar is of, for readers who point at it. */
  of: readonly string[];
}

export interface CellsMark {
  kind: "cells";
  /** Rows from the top. */
  values: readonly Values[];
  limits: readonly [number, number];
  quantity: string;
  decimals?: number;
}

export type Mark = LineMark | PointsMark | BarsMark | CellsMark;

/** What an axis shows: a quantity and its unit. */
export interface AxisOptions {
  title?: string;
  /** Written after the title in brackets. */
  unit?: string;
  range?: readonly [number, number];
  type?: "linear" | "log";
}

export interface Axis {
  label?: string;
  type: "linear" | "log";
  range?: readonly [number, number];
  /** Names in place of the numbers 0, 1, ... */
  categories?: readonly string[];
}

/** A level or upright line with a label: a chance level, a published number, a boundary. */
export interface Reference {
  /** The value on the y axis (a level line) ... */
  y?: number;
  /** ... or on the x axis (an upright one). */
  x?: number;
  label?: string;
  color?: string;
}

export interface ChartOptions {
  title?: string;
  x?: AxisOptions;
  y?: AxisOptions;
  references?: readonly Reference[];
  /** Pixels. */
  width?: number;
  height?: number;
}

/** One coordinate system with all that is drawn in it. */
export interface Chart {
  title?: string;
  width?: number;
  height?: number;
  x: Axis;
  y: Axis;
  marks: readonly Mark[];
  references: readonly (Reference & { color: string })[];
}

/** Charts in rows under one title and one legend. */
export interface Figure {
  title?: string;
  width: number;
  height: number;
  columns: number;
  charts: readonly Chart[];
}

function axisOf({ title, unit, range, type = "linear" }: AxisOptions = {}, categories?: readonly string[]): Axis {
  return { label: unit ? `${title ?? ""} (${unit})`.trim() : title, type, range, categories };
}

/** @param categories names of the axis whose numbers stand for them */
export function chartOf(
  options: ChartOptions,
  marks: readonly Mark[],
  categories: { x?: readonly string[]; y?: readonly string[] } = {},
): Chart {
  checkOptions(options);
  const { title, x, y, references = [], width, height } = options;
  return {
    ...{ title, width, height, marks },
    x: axisOf(x, categories.x),
    y: axisOf(y, categories.y),
    references: references.filter(isDrawn).map((line) => ({ color: MUTED, ...line })),
  };
}

/** Numbers that can be drawn: what is not finite, or too large for an axis, is a gap. */
export const finite = (values: Values): Values =>
  Array.from(values, (value) => (typeof value === "number" && Math.abs(value) <= LARGEST ? value : null));

/** Values and half lengths -> the two ends; a gap where either is missing. */
export function endsOf(y: Values, spread: Values | undefined): { low?: Values; high?: Values } {
  if (!spread) return {};
  const end = (sign: number) =>
    finite(y.map((value, i) => (value === null || spread[i] === null ? null : value + sign * (spread[i] as number))));
  return { low: end(-1), high: end(1) };
}
