/** Where everything of a figure goes, in pixels from its upper left corner: shared by the still and the interactive picture. */
import { textWidth } from "../media/svg.ts";
import type { Chart, Figure } from "./chart.ts";
import { LEGEND_ROW, legendRows } from "./legend.ts";
import { TICK_SIZE } from "./theme.ts";

export const EDGE = 16;
const TITLE_ROOM = 34;
const HEADING_ROOM = 26;
const BAR_ROOM = 40;

export interface Rectangle {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A panel's place, and within it what its axes span. */
export interface Place {
  box: Rectangle;
  area: Rectangle;
  /** Degrees that the names under the x axis are turned by. */
  turned: number;
}

export interface Layout {
  /** First baseline of the legend. */
  legendTop: number;
  places: Place[];
}

const TURNED = 35;
/** Length of the longest axis label that stands beside ticks, for numbers. */
const NUMBERS = 42;

const widest = (names: readonly string[]): number => Math.max(0, ...names.map((name) => textWidth(name, TICK_SIZE)));

function placeOf({ x, y, marks }: Chart, box: Rectangle, heading: boolean): Place {
  const left = box.left + (y.categories ? widest(y.categories) + 12 : NUMBERS) + (y.label ? 24 : 0);
  const right = box.right - EDGE;
  const names = x.categories ?? [];
  const turned = widest(names) > ((right - left) / Math.max(1, names.length)) * 0.95 ? TURNED : 0;
  const below = turned > 0 ? widest(names) * Math.sin((turned * Math.PI) / 180) + 16 : 22;
  const above = (heading ? HEADING_ROOM : 8) + (marks.some(({ kind }) => kind === "cells") ? BAR_ROOM : 0);
  const area = { left, right, top: box.top + above, bottom: box.bottom - below - (x.label ? 24 : 4) };
  return { box, area, turned };
}

export function layoutOf(figure: Figure): Layout {
  const { title, width, height, columns, charts } = figure;
  const rows = legendRows(figure);
  const legendTop = EDGE + (title ? TITLE_ROOM : 0) + 12;
  const top = legendTop - 12 + rows * LEGEND_ROW + (rows > 0 ? 4 : 0);
  const [across, down] = [(width - EDGE) / columns, (height - top - 4) / Math.ceil(charts.length / columns)];
  const places = charts.map((chart, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const [left, above] = [4 + column * across, top + row * down];
    const box = { left, right: left + across, top: above, bottom: above + down };
    return placeOf(chart, box, charts.length > 1 && charts.some((one) => one.title));
  });
  return { legendTop, places };
}
