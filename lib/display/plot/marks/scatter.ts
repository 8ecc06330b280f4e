import type { Frame } from "../frame.ts";
import type { Line, ScatterTrace } from "../spec.ts";
import { el, type Point, pathData } from "../svg.ts";
import { paletteColor } from "../theme.ts";
import { errorBars } from "./error-bars.ts";

const DASHES = { solid: undefined, dash: "7 5", dot: "2 4" } as const;

/** The stroke of a line as SVG attributes. */
export function stroke(line: Line | undefined, color: string) {
  return {
    stroke: line?.color ?? color,
    "stroke-width": line?.width ?? 2,
    "stroke-dasharray": DASHES[line?.dash ?? "solid"],
    fill: "none",
    "stroke-linejoin": "round",
  };
}

/** Runs of points without a gap. */
function runsOf({ x, y }: ScatterTrace, frame: Frame): Point[][] {
  const runs: Point[][] = [[]];
  for (const [i, value] of y.entries()) {
    if (value === null) runs.push([]);
    else runs[runs.length - 1].push([frame.x.pixel(frame.x.position(x[i])), frame.y.pixel(frame.y.position(value))]);
  }
  return runs.filter((run) => run.length > 0);
}

/** Lines, points, error bars and filled polygons. */
export function drawScatter(trace: ScatterTrace, index: number, frame: Frame): string {
  const color = trace.marker?.color ?? trace.line?.color ?? paletteColor(index);
  const runs = runsOf(trace, frame);
  const parts: string[] = [];
  if (trace.fill) {
    for (const run of runs)
      parts.push(el("path", { d: `${pathData(run)}Z`, fill: trace.fillcolor ?? color, stroke: "none" }));
  }
  if (trace.error_y) {
    const x = (i: number) => frame.x.pixel(frame.x.position(trace.x[i]));
    parts.push(errorBars(trace.error_y, trace.y, (value, i) => [x(i), frame.y.pixel(frame.y.position(value))], color));
  }
  if (trace.mode.includes("lines") && trace.line?.width !== 0) {
    parts.push(el("path", { d: runs.map(pathData).join(""), ...stroke(trace.line, color) }));
  }
  if (trace.mode.includes("markers")) {
    const radius = (trace.marker?.size ?? 7) / 2;
    for (const [cx, cy] of runs.flat())
      parts.push(el("circle", { cx, cy, r: radius, fill: color, stroke: "#fff", "stroke-width": 1 }));
  }
  return el("g", { opacity: trace.opacity }, parts.join(""));
}
