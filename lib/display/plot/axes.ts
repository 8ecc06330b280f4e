import { textWidth } from "../media/svg.ts";
import type { Panel } from "./figure.ts";
import type { Frame } from "./frame.ts";
import { el, pathData, textEl } from "./svg.ts";
import { AXIS, GRID, INK, LABEL_SIZE, MUTED, TICK_SIZE } from "./theme.ts";

const TICK = 5;

/** Width of the widest tick label of a y axis. */
export const labelWidth = (frame: Frame): number =>
  Math.max(0, ...frame.y.ticks.map(({ label }) => textWidth(label, TICK_SIZE)));

/** Grid lines behind the data; categories have none. */
export function drawGrid({ area, x, y }: Frame): string {
  const lines = [
    ...(x.kind === "category"
      ? []
      : x.ticks.map(({ at }) =>
          pathData([
            [x.pixel(at), area.top],
            [x.pixel(at), area.bottom],
          ]),
        )),
    ...(y.kind === "category"
      ? []
      : y.ticks.map(({ at }) =>
          pathData([
            [area.left, y.pixel(at)],
            [area.right, y.pixel(at)],
          ]),
        )),
  ];
  return el("path", { d: lines.join(""), stroke: GRID, "stroke-width": 1, fill: "none" });
}

/** Whether all labels of an x axis fit next to each other, with some air. */
export function xLabelsFit({ x }: Frame): boolean {
  const ends = x.ticks.map(({ at, label }) => [x.pixel(at), textWidth(label, TICK_SIZE) / 2]);
  return ends.every(([at, half], i) => i === 0 || at - half > ends[i - 1][0] + ends[i - 1][1] + 6);
}

/** Degrees by which labels are turned where they do not fit side by side. */
export const TURNED = 35;
const SINE = Math.sin((TURNED * Math.PI) / 180);

/** Height that the labels of an x axis take. */
export function xLabelHeight(frame: Frame): number {
  if (xLabelsFit(frame)) return TICK_SIZE;
  return Math.max(...frame.x.ticks.map(({ label }) => textWidth(label, TICK_SIZE))) * SINE + TICK_SIZE * 0.8;
}

function drawXTicks(frame: Frame): string {
  const { area, x } = frame;
  const turned = !xLabelsFit(frame);
  const top = area.bottom + TICK + 4;
  return x.ticks
    .map(({ at, label }) => {
      const px = x.pixel(at);
      if (!turned) return textEl(label, { x: px, y: top + TICK_SIZE - 2, "text-anchor": "middle" });
      const transform = `translate(${px + 4} ${top + 6}) rotate(${-TURNED})`;
      return textEl(label, { transform, "text-anchor": "end" });
    })
    .join("");
}

function drawTitles({ x, y }: Panel, frame: Frame): string {
  const { left, right, top, bottom } = frame.area;
  const style = { "text-anchor": "middle", "font-size": LABEL_SIZE, fill: INK };
  const below = bottom + TICK + 4 + xLabelHeight(frame) + 20;
  const beside = left - TICK - 6 - labelWidth(frame) - 14;
  return [
    x.title ? textEl(x.title.text, { x: (left + right) / 2, y: below, ...style }) : "",
    y.title
      ? textEl(y.title.text, { transform: `translate(${beside} ${(top + bottom) / 2}) rotate(-90)`, ...style })
      : "",
  ].join("");
}

/** Axis lines, tick marks, tick labels and titles. */
export function drawAxes(panel: Panel, frame: Frame): string {
  const { area, x, y } = frame;
  const marks = [
    pathData([
      [area.left, area.top],
      [area.left, area.bottom],
      [area.right, area.bottom],
    ]),
    ...x.ticks.map(({ at }) =>
      pathData([
        [x.pixel(at), area.bottom],
        [x.pixel(at), area.bottom + TICK],
      ]),
    ),
    ...y.ticks.map(({ at }) =>
      pathData([
        [area.left - TICK, y.pixel(at)],
        [area.left, y.pixel(at)],
      ]),
    ),
  ];
  const yLabels = y.ticks.map(({ at, label }) =>
    textEl(label, { x: area.left - TICK - 4, y: y.pixel(at) + 4, "text-anchor": "end" }),
  );
  return [
    el("path", { d: marks.join(""), stroke: AXIS, "stroke-width": 1, fill: "none" }),
    el("g", { "font-size": TICK_SIZE, fill: MUTED }, drawXTicks(frame) + yLabels.join("")),
    drawTitles(panel, frame),
  ].join("");
}
