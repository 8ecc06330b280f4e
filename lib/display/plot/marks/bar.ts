import type { Indexed } from "../figure.ts";
import type { Frame } from "../frame.ts";
import type { BarTrace } from "../spec.ts";
import { el } from "../svg.ts";
import { INK, paletteColor } from "../theme.ts";
import { errorBars } from "./error-bars.ts";

/** Part of the distance between neighbouring positions that bars fill. */
export const FILLED = 0.8;

/** The smallest distance between two bars of the panel, in axis units. */
function spacing(traces: readonly Indexed<BarTrace>[], frame: Frame): number {
  const positions = [...new Set(traces.flatMap(({ trace }) => trace.x.map(frame.x.position)))].sort((a, b) => a - b);
  const gaps = positions.slice(1).map((position, i) => position - positions[i]);
  return gaps.length > 0 ? Math.min(...gaps) : 1;
}

/** All bars of a panel, those of one position next to each other. */
export function drawBars(traces: readonly Indexed<BarTrace>[], frame: Frame): string {
  const slot = (spacing(traces, frame) * FILLED) / traces.length;
  return traces
    .map(({ trace, index }, order) => drawTrace(trace, index, slot, order - traces.length / 2, frame))
    .join("");
}

function drawTrace(trace: BarTrace, index: number, slot: number, offset: number, frame: Frame): string {
  const color = trace.marker?.color ?? paletteColor(index);
  const edge = (i: number, side: number) => frame.x.pixel(frame.x.position(trace.x[i]) + (offset + side) * slot);
  const foot = frame.y.pixel(0);
  const bars = trace.y.map((value, i) => {
    if (value === null) return "";
    const top = frame.y.pixel(value);
    const size = { width: edge(i, 1) - edge(i, 0) - 1, height: Math.abs(foot - top) };
    return el("rect", { x: edge(i, 0) + 0.5, y: Math.min(top, foot), ...size, fill: color });
  });
  const spread = trace.error_y
    ? errorBars(trace.error_y, trace.y, (value, i) => [edge(i, 0.5), frame.y.pixel(value)], INK)
    : "";
  return el("g", { opacity: trace.opacity }, bars.join("") + spread);
}
