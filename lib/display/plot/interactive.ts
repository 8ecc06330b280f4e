import { type Arrangement, EDGE, TITLE_ROOM } from "./arrange.ts";
import { TURNED, xLabelsFit } from "./axes.ts";
import { COLORBAR } from "./colorbar.ts";
import { type FullAxis, hasFoot, layoutKey, type Panel } from "./figure.ts";
import { legendEntries } from "./legend.ts";
import { FILLED } from "./marks/bar.ts";
import { referenceLabels } from "./references.ts";
import type { Scale } from "./scale.ts";
import type { Axis, Layout, PlotSpec, Trace } from "./spec.ts";
import { AXIS, FONT_STACK, GRID, INK, LABEL_SIZE, MUTED, PALETTE, TICK_SIZE, TITLE_SIZE } from "./theme.ts";
import { showsDigits } from "./ticks.ts";

const HEADING = { color: INK, weight: 600 };

/** As many ticks as the still picture has; on a log axis the same digits. */
function tickJson({ type, tickvals, range }: Axis, count: number) {
  if (tickvals || type === "category") return {};
  if (type !== "log") return { nticks: count + 1 };
  const [low, high] = range as readonly [number, number];
  return { dtick: showsDigits(low, high) ? "D2" : 1 };
}

function axisJson({ categories, ...axis }: FullAxis, { ticks }: Scale) {
  const known = axis.type === "category" ? { categoryarray: categories, categoryorder: "array" } : {};
  return {
    ...axis,
    ...known,
    title: axis.title && { ...axis.title, font: { size: LABEL_SIZE, color: INK }, standoff: 14 },
    ...tickJson(axis, ticks.length),
    showline: true,
    linecolor: AXIS,
    ticks: "outside",
    tickcolor: AXIS,
    tickfont: { size: TICK_SIZE, color: MUTED },
  };
}

const gridJson = (axis: FullAxis, heatmap: boolean) =>
  heatmap || axis.type === "category" ? { showgrid: false } : { showgrid: true, gridcolor: GRID };

const zeroJson = (shown: boolean) =>
  shown ? { zeroline: true, zerolinecolor: AXIS, zerolinewidth: 1 } : { zeroline: false };

function axesJson(panels: readonly Panel[], { frames }: Arrangement) {
  const pairs = panels.flatMap((panel, i) => {
    const { xName, yName, x, y, traces } = panel;
    const heatmap = traces.some(({ trace }) => trace.type === "heatmap");
    const tickangle = xLabelsFit(frames[i]) ? 0 : -TURNED;
    return [
      [
        layoutKey(xName),
        { anchor: yName, ...axisJson(x, frames[i].x), ...gridJson(x, heatmap), ...zeroJson(false), tickangle },
      ],
      [
        layoutKey(yName),
        { anchor: xName, ...axisJson(y, frames[i].y), ...gridJson(y, heatmap), ...zeroJson(hasFoot(panel)) },
      ],
    ];
  });
  return Object.fromEntries(pairs);
}

function traceJson(trace: Trace) {
  if (trace.type !== "heatmap" || !trace.colorbar) return trace;
  const title = { ...trace.colorbar.title, side: "right", font: { size: LABEL_SIZE, color: INK } };
  const tickfont = { size: TICK_SIZE, color: MUTED };
  const bar = { thickness: COLORBAR.width, outlinewidth: 0, len: 1, lenmode: "fraction", ypad: 0, xpad: COLORBAR.gap };
  return { ...trace, colorbar: { ...bar, x: 1, xanchor: "left", title, tickfont } };
}

/** Title and legend hang from the figure's upper edge, as in the still picture. */
function headJson({ title, showlegend }: Layout, data: readonly Trace[], { width, height }: Arrangement) {
  const x = EDGE / width;
  const below = (pixels: number) => 1 - pixels / height;
  const shown = showlegend ?? legendEntries(data).length > 0;
  const legendTop = EDGE + (title ? TITLE_ROOM - 8 : 0);
  const hung = { x, xanchor: "left", yanchor: "top" };
  return {
    title: title && { ...title, ...hung, y: below(EDGE), yref: "container", font: { ...HEADING, size: TITLE_SIZE } },
    showlegend: shown,
    ...(shown
      ? { legend: { orientation: "h", ...hung, y: below(legendTop), xref: "container", yref: "container" } }
      : {}),
  };
}

/** The figure as plotly.js JSON, with the same ranges, margins, colours and type sizes as the still picture. */
export function interactiveJson({ data, layout }: PlotSpec, at: Arrangement, panels: readonly Panel[]) {
  const { plot, width, height } = at;
  const { shapes = [], annotations = [] } = layout;
  return {
    data: data.map(traceJson),
    layout: {
      ...layout,
      ...headJson(layout, data, at),
      width,
      height,
      shapes: shapes.map(({ label, ...line }) => line),
      annotations: [...annotations.map((note) => ({ ...note, font: HEADING })), ...referenceLabels(shapes, panels)],
      font: { family: FONT_STACK, size: LABEL_SIZE, color: INK },
      colorway: PALETTE,
      paper_bgcolor: "#ffffff",
      plot_bgcolor: "#ffffff",
      margin: { l: plot.left, r: width - plot.right, t: plot.top, b: height - plot.bottom, pad: 0, autoexpand: false },
      hovermode: "closest",
      ...(data.some(({ type }) => type === "bar") ? { bargap: 1 - FILLED } : {}),
      ...axesJson(panels, at),
    },
    config: { responsive: false, displaylogo: false },
  };
}
