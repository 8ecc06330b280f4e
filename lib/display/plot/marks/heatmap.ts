import type { Frame } from "../frame.ts";
import type { HeatmapTrace } from "../spec.ts";
import { el, textEl } from "../svg.ts";
import { INK, LABEL_SIZE, rgbOf } from "../theme.ts";

type Rgb = [number, number, number];

/** The colour of a value on the trace's scale, between its stops linearly. */
export function colorAt({ colorscale, zmin, zmax }: HeatmapTrace, value: number): Rgb {
  const t = Math.min(1, Math.max(0, (value - zmin) / (zmax - zmin)));
  const next = Math.max(
    1,
    colorscale.findIndex(([at]) => at >= t),
  );
  const [[from, low], [to, high]] = [colorscale[next - 1], colorscale[next]];
  const mix = (t - from) / (to - from);
  const ends = rgbOf(high);
  return rgbOf(low).map((channel, i) => Math.round(channel + (ends[i] - channel) * mix)) as Rgb;
}

/** Dark text on light cells, white on dark ones. */
const inkOn = ([r, g, b]: Rgb): string => (0.299 * r + 0.587 * g + 0.114 * b > 150 ? INK : "#ffffff");

/** Coloured cells, one a pair of categories, with their texts. */
export function drawHeatmap(trace: HeatmapTrace, frame: Frame): string {
  const parts: string[] = [];
  for (const [row, values] of trace.z.entries()) {
    const y = frame.y.position(trace.y[row]);
    const [top, bottom] = [frame.y.pixel(y - 0.5), frame.y.pixel(y + 0.5)].sort((a, b) => a - b);
    for (const [column, value] of values.entries()) {
      if (value === null) continue;
      const x = frame.x.position(trace.x[column]);
      const [left, right] = [frame.x.pixel(x - 0.5), frame.x.pixel(x + 0.5)];
      const color = colorAt(trace, value);
      parts.push(
        el("rect", { x: left, y: top, width: right - left + 0.3, height: bottom - top + 0.3, fill: `rgb(${color})` }),
      );
      const label = trace.texttemplate && trace.text?.[row][column];
      const at = { x: (left + right) / 2, y: (top + bottom) / 2 + 4, "text-anchor": "middle", fill: inkOn(color) };
      if (label) parts.push(textEl(label, { ...at, "font-size": cellTextSize(right - left) }));
    }
  }
  return parts.join("");
}

const cellTextSize = (width: number): number => Math.min(LABEL_SIZE, width / 3);
