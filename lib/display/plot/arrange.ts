import { labelWidth, xLabelHeight } from "./axes.ts";
import { COLORBAR_ROOM } from "./colorbar.ts";
import type { Panel } from "./figure.ts";
import type { Frame, Rect } from "./frame.ts";
import { LEGEND_ROW, legendRows } from "./legend.ts";
import { makeScale } from "./scale.ts";
import type { PlotSpec } from "./spec.ts";
import { HEIGHT, WIDTH } from "./theme.ts";

export const EDGE = 16;
export const TITLE_ROOM = 34;

/** Where everything goes: the figure's size, the plot area that axis domains divide, and one frame a panel. */
export interface Arrangement {
  readonly width: number;
  readonly height: number;
  readonly plot: Rect;
  readonly frames: readonly Frame[];
}

function frameOf({ x, y }: Panel, plot: Rect): Frame {
  const across = (t: number) => plot.left + t * (plot.right - plot.left);
  const up = (t: number) => plot.bottom - t * (plot.bottom - plot.top);
  const area = { left: across(x.domain[0]), right: across(x.domain[1]), top: up(y.domain[1]), bottom: up(y.domain[0]) };
  return {
    area,
    x: makeScale(x, x.categories, area.left, area.right, (area.right - area.left) / 90),
    y: makeScale(y, y.categories, area.bottom, area.top, (area.bottom - area.top) / 55),
  };
}

/** Margins are as wide as the outermost tick labels and titles need; a first pass with rough ones measures those. */
export function arrange({ data, layout }: PlotSpec, panels: readonly Panel[]): Arrangement {
  const { width = WIDTH, height = HEIGHT } = layout;
  const legend = layout.showlegend === false ? 0 : legendRows(data, width - 2 * EDGE);
  const headings = layout.annotations?.length ? 24 : 0;
  const top = EDGE + (layout.title ? TITLE_ROOM : 0) + legend * LEGEND_ROW + (legend > 0 ? 8 : 0) + headings;
  const colorbar = data.some((trace) => trace.type === "heatmap" && trace.colorbar) ? COLORBAR_ROOM : 0;
  const rough = { left: 70, right: width - EDGE - colorbar, top, bottom: height - 60 };
  const needs = panels.map((panel) => ({ panel, frame: frameOf(panel, rough) }));
  const left = Math.max(
    EDGE,
    ...needs
      .filter(({ panel }) => panel.x.domain[0] === 0)
      .map(({ panel, frame }) => labelWidth(frame) + (panel.y.title ? 44 : 20)),
  );
  const below = Math.max(
    ...needs
      .filter(({ panel }) => panel.y.domain[0] === 0)
      .map(({ panel, frame }) => xLabelHeight(frame) + (panel.x.title ? 46 : 22)),
  );
  const plot = { ...rough, left: Math.ceil(left), bottom: Math.floor(height - below) };
  return { width, height, plot, frames: panels.map((panel) => frameOf(panel, plot)) };
}
