import { UserError } from "../../util/errors.ts";
import { flushOf, rangeOf, xValues, yValues } from "./extent.ts";
import { categoriesOf } from "./scale.ts";
import type { Axis, Coordinate, Layout, PlotSpec, Trace } from "./spec.ts";

/** A trace with its place in the figure, from which its palette colour follows. */
export interface Indexed<T extends Trace = Trace> {
  readonly trace: T;
  readonly index: number;
}

/** An axis with everything that was left out filled in. */
export interface FullAxis extends Axis {
  readonly type: "linear" | "log" | "category";
  readonly range: readonly [number, number];
  readonly domain: readonly [number, number];
  readonly categories: readonly string[];
}

/** One coordinate system: a pair of axes and the traces drawn in it. */
export interface Panel {
  readonly xName: string;
  readonly yName: string;
  readonly x: FullAxis;
  readonly y: FullAxis;
  readonly traces: readonly Indexed[];
}

const TYPES = ["scatter", "bar", "histogram", "heatmap"];

/** The layout key of an axis: "x2" is described by `xaxis2`. */
export const layoutKey = (name: string) => `${name[0]}axis${name.slice(1)}` as `xaxis${number}`;

function fullAxis(layout: Layout, name: string, traces: readonly Trace[], values: readonly Coordinate[]): FullAxis {
  const given: Axis = layout[layoutKey(name)] ?? {};
  const words = values.some((value) => typeof value === "string");
  const axis = { ...given, type: given.type ?? (words ? "category" : "linear") } as const;
  const range = given.range ?? rangeOf(axis, values, flushOf(name[0] as "x" | "y", traces, values));
  return { ...axis, range, domain: given.domain ?? [0, 1], categories: categoriesOf(axis, values) };
}

function panelOf(layout: Layout, xName: string, yName: string, traces: readonly Indexed[]): Panel {
  const plain = traces.map(({ trace }) => trace);
  const shapes = layout.shapes ?? [];
  const acrossX = shapes.filter(({ xref }) => xref === xName).map(({ x0 }) => x0);
  if (acrossX.length > 0 && plain.some((trace) => trace.x.some((value) => typeof value === "string"))) {
    throw new UserError("an upright reference line between categories", "give the x axis numbers");
  }
  const acrossY = shapes.filter(({ yref }) => yref === yName).map(({ y0 }) => y0);
  const x = fullAxis(layout, xName, plain, [...plain.flatMap(xValues), ...acrossX]);
  const y = fullAxis(layout, yName, plain, [...plain.flatMap(yValues), ...acrossY]);
  return { xName, yName, x, y, traces };
}

/** The panels of a figure, each with complete axes; throws for traces the still renderer cannot draw. */
export function panelsOf({ data, layout }: PlotSpec): Panel[] {
  if (data.length === 0) throw new UserError("a plot without data", "give at least one trace");
  const groups = new Map<string, Indexed[]>();
  for (const [index, trace] of data.entries()) {
    if (!TYPES.includes(trace.type)) {
      throw new UserError(`a plot cannot show a trace of type "${trace.type}"`, `use one of ${TYPES.join(", ")}`);
    }
    if (
      trace.type !== "histogram" &&
      trace.x.length !== (trace.type === "heatmap" ? trace.z[0].length : trace.y.length)
    ) {
      throw new UserError(`trace ${trace.name ?? index} has more x than y values, or fewer`, "give one y for each x");
    }
    const key = `${trace.xaxis ?? "x"} ${trace.yaxis ?? "y"}`;
    groups.set(key, [...(groups.get(key) ?? []), { trace, index }]);
  }
  return [...groups].map(([key, traces]) => {
    const [xName, yName] = key.split(" ");
    return panelOf(layout, xName, yName, traces);
  });
}

/** Whether a panel has bars that stand on a zero line within it. */
export function hasFoot({ y, traces }: Panel): boolean {
  return y.type === "linear" && Math.min(...y.range) < 0 && traces.some(({ trace }) => trace.type === "bar");
}
