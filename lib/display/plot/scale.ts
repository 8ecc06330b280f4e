import { UserError } from "../../util/errors.ts";
import type { Axis, Coordinate } from "./spec.ts";
import { logLabel, logTicks, niceTicks, tickLabel } from "./ticks.ts";

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Maps data to pixels along one direction of a panel. */
export interface Scale {
  readonly kind: "linear" | "log" | "category";
  /** Position of a coordinate in axis units (index of a category, exponent on a log axis). */
  position(value: Coordinate): number;
  /** Pixels of a position in axis units. */
  pixel(position: number): number;
  readonly ticks: readonly Tick[];
  /** In axis units, in the order of the pixels. */
  readonly range: readonly [number, number];
}

/** The categories of an axis in order: as given, else as they first appear. */
export function categoriesOf(axis: Axis, values: readonly Coordinate[]): string[] {
  return [...new Set([...(axis.categoryarray ?? []), ...values.map(String)])];
}

/** The position of a value along an axis, in axis units. */
export function positioner(axis: Axis, categories: readonly string[]): (value: Coordinate) => number {
  if (axis.type === "category") {
    const index = new Map(categories.map((name, i) => [name, i]));
    return (value) => index.get(String(value)) ?? Number.NaN;
  }
  return (value) => {
    if (typeof value !== "number")
      throw new UserError(`"${value}" on a numeric axis`, 'set the axis type to "category"');
    if (axis.type !== "log") return value;
    if (value <= 0) throw new UserError(`${value} cannot be shown on a log axis`, "use a linear axis or leave it out");
    return Math.log10(value);
  };
}

function ticksOf(axis: Axis, range: readonly [number, number], categories: readonly string[], room: number): Tick[] {
  const [low, high] = range[0] < range[1] ? range : [range[1], range[0]];
  const inside = (tick: Tick) => tick.at >= low - 1e-9 && tick.at <= high + 1e-9;
  if (axis.tickvals) {
    const { tickvals, ticktext } = axis;
    const exponent = (value: number) => (axis.type === "log" ? Math.log10(value) : value);
    return tickvals.map((value, i) => ({ at: exponent(value), label: ticktext?.[i] ?? String(value) })).filter(inside);
  }
  if (axis.type === "category") return categories.map((label, at) => ({ at, label })).filter(inside);
  if (axis.type === "log") return logTicks(low, high).map((at) => ({ at, label: logLabel(at) }));
  const { values, step } = niceTicks(low, high, Math.max(2, room));
  return values.map((at) => ({ at, label: tickLabel(at, step) }));
}

/** The scale of an axis whose range runs from pixel `from` to pixel `to`, with room for about `room` ticks. */
export function makeScale(axis: Axis, categories: readonly string[], from: number, to: number, room: number): Scale {
  const range = axis.range as readonly [number, number];
  return {
    kind: axis.type ?? "linear",
    position: positioner(axis, categories),
    pixel: (position) => from + ((position - range[0]) / (range[1] - range[0])) * (to - from),
    ticks: ticksOf(axis, range, categories, room),
    range,
  };
}
