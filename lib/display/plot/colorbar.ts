import type { Rect } from "./frame.ts";
import type { HeatmapTrace } from "./spec.ts";
import { el, textEl } from "./svg.ts";
import { INK, LABEL_SIZE, MUTED, TICK_SIZE } from "./theme.ts";
import { niceTicks, tickLabel } from "./ticks.ts";

/** Pixels to the right of a panel that a colour bar takes. */
export const COLORBAR_ROOM = 92;
/** Its width, and its distance from the panel. */
export const COLORBAR = { width: 14, gap: 16 };

/** The scale of a heatmap's colours, to the right of its panel. */
export function drawColorbar({ zmin, zmax, colorscale, colorbar }: HeatmapTrace, { right, top, bottom }: Rect): string {
  const left = right + COLORBAR.gap;
  const height = bottom - top;
  const stops = colorscale.map(([offset, color]) => el("stop", { offset, "stop-color": color }));
  const gradient = el("linearGradient", { id: "colorbar", x1: 0, x2: 0, y1: 1, y2: 0 }, stops.join(""));
  const { values, step } = niceTicks(zmin, zmax, 5);
  const ticks = values.map((value) =>
    textEl(tickLabel(value, step), {
      x: left + COLORBAR.width + 6,
      y: bottom - ((value - zmin) / (zmax - zmin)) * height + 4,
    }),
  );
  const transform = `translate(${left + COLORBAR.width + 50} ${(top + bottom) / 2}) rotate(90)`;
  const title = colorbar?.title?.text ?? "";
  return [
    gradient,
    el("rect", { x: left, y: top, width: COLORBAR.width, height, fill: "url(#colorbar)" }),
    el("g", { "font-size": TICK_SIZE, fill: MUTED }, ticks.join("")),
    textEl(title, { transform, "text-anchor": "middle", "font-size": LABEL_SIZE, fill: INK }),
  ].join("");
}
