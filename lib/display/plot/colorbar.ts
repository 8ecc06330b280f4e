import type { Rect } from "./frame.ts";
import { colorAt } from "./marks/heatmap.ts";
import type { HeatmapTrace } from "./spec.ts";
import { el, textEl } from "./svg.ts";
import { LABEL_SIZE, MUTED, TICK_SIZE } from "./theme.ts";
import { niceTicks, tickLabel } from "./ticks.ts";

/** Pixels to the right of a panel that a colour bar takes. */
export const COLORBAR_ROOM = 92;
const WIDTH = 14;
const SLICES = 64;

/** The scale of a heatmap's colours, to the right of its panel. */
export function drawColorbar(trace: HeatmapTrace, { right, top, bottom }: Rect): string {
  const left = right + 16;
  const height = bottom - top;
  const { zmin, zmax } = trace;
  const slices = Array.from({ length: SLICES }, (_, i) => {
    const color = colorAt(trace, zmax - ((i + 0.5) / SLICES) * (zmax - zmin));
    return el("rect", {
      x: left,
      y: top + (i * height) / SLICES,
      width: WIDTH,
      height: height / SLICES + 0.3,
      fill: `rgb(${color})`,
    });
  });
  const { values, step } = niceTicks(zmin, zmax, 5);
  const ticks = values.map((value) =>
    textEl(tickLabel(value, step), { x: left + WIDTH + 6, y: bottom - ((value - zmin) / (zmax - zmin)) * height + 4 }),
  );
  const title = trace.colorbar?.title?.text;
  const transform = `translate(${left + WIDTH + 50} ${(top + bottom) / 2}) rotate(90)`;
  const heading = title
    ? textEl(title, { transform, "text-anchor": "middle", "font-size": LABEL_SIZE, fill: MUTED })
    : "";
  return slices.join("") + el("g", { "font-size": TICK_SIZE, fill: MUTED }, ticks.join("")) + heading;
}
