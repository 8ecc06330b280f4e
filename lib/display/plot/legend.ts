import { textWidth } from "../media/svg.ts";
import { stroke } from "./marks/scatter.ts";
import type { Trace } from "./spec.ts";
import { el, textEl } from "./svg.ts";
import { INK, LABEL_SIZE, paletteColor } from "./theme.ts";

const SWATCH = { line: 24, spot: 11 };
const GAP = 18;
export const LEGEND_ROW = 22;

interface Entry {
  readonly name: string;
  readonly trace: Trace;
  readonly index: number;
}

const swatchWidth = ({ trace }: Entry): number =>
  trace.type === "scatter" && trace.mode.includes("lines") ? SWATCH.line : SWATCH.spot;

/** One entry a name, in order of the traces; traces without a name, and heatmaps, have none. A lone one is left out. */
export function legendEntries(data: readonly Trace[]): Entry[] {
  const entries = new Map<string, Entry>();
  for (const [index, trace] of data.entries()) {
    if (!trace.name || trace.showlegend === false || trace.type === "heatmap" || entries.has(trace.name)) continue;
    entries.set(trace.name, { name: trace.name, trace, index });
  }
  return entries.size > 1 ? [...entries.values()] : [];
}

/** Positions of the entries in rows no wider than `width`. */
function flow(entries: readonly Entry[], width: number): { entry: Entry; x: number; row: number }[] {
  let [x, row] = [0, 0];
  return entries.map((entry) => {
    const size = swatchWidth(entry) + 7 + textWidth(entry.name, LABEL_SIZE) + GAP;
    if (x > 0 && x + size - GAP > width) [x, row] = [0, row + 1];
    const place = { entry, x, row };
    x += size;
    return place;
  });
}

/** How many rows the legend needs. */
export function legendRows(data: readonly Trace[], width: number): number {
  const rows = flow(legendEntries(data), width).map(({ row }) => row + 1);
  return Math.max(0, ...rows);
}

function swatch(entry: Entry): string {
  const { trace, index } = entry;
  if (trace.type === "heatmap") return "";
  const line = trace.type === "scatter" ? trace.line?.color : undefined;
  const color = trace.marker?.color ?? line ?? paletteColor(index);
  if (trace.type !== "scatter")
    return el("rect", { x: 0, y: -9.5, width: SWATCH.spot, height: SWATCH.spot, fill: color, opacity: trace.opacity });
  const sample = trace.mode.includes("lines")
    ? el("path", { d: `M0 -4H${SWATCH.line}`, ...stroke(trace.line, color) })
    : "";
  const dot = trace.mode.includes("markers")
    ? el("circle", { cx: swatchWidth(entry) / 2, cy: -4, r: 3.5, fill: color })
    : "";
  return sample + dot;
}

/** The legend as a row of entries (or several), its first baseline at `top`. */
export function drawLegend(data: readonly Trace[], left: number, top: number, width: number): string {
  return flow(legendEntries(data), width)
    .map(({ entry, x, row }) => {
      const label = textEl(entry.name, { x: swatchWidth(entry) + 7, "font-size": LABEL_SIZE, fill: INK });
      return el("g", { transform: `translate(${left + x} ${top + row * LEGEND_ROW})` }, swatch(entry) + label);
    })
    .join("");
}
