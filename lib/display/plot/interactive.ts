import { type Arrangement, EDGE } from "./arrange.ts";
import { type FullAxis, hasFoot, layoutKey, type Panel } from "./figure.ts";
import { legendEntries } from "./legend.ts";
import { FILLED } from "./marks/bar.ts";
import type { PlotSpec } from "./spec.ts";
import { AXIS, FONT_STACK, GRID, INK, LABEL_SIZE, MUTED, paletteColor, TICK_SIZE, TITLE_SIZE } from "./theme.ts";

function axisJson({ categories, ...axis }: FullAxis, heatmap: boolean, zeroline: boolean) {
  return {
    ...axis,
    ...(axis.type === "category" ? { categoryarray: categories, categoryorder: "array" } : {}),
    title: axis.title && { ...axis.title, font: { size: LABEL_SIZE, color: INK }, standoff: 12 },
    automargin: true,
    showgrid: !heatmap && axis.type !== "category",
    gridcolor: GRID,
    zeroline,
    zerolinecolor: AXIS,
    zerolinewidth: 1,
    showline: true,
    linecolor: AXIS,
    ticks: "outside",
    tickcolor: AXIS,
    tickfont: { size: TICK_SIZE, color: MUTED },
  };
}

/** The figure as plotly.js JSON, with the same ranges, margins, colours and type sizes as the still picture. */
export function interactiveJson({ data, layout }: PlotSpec, at: Arrangement, panels: readonly Panel[]) {
  const axes = panels.flatMap((panel) => {
    const { xName, yName, x, y, traces } = panel;
    const heatmap = traces.some(({ trace }) => trace.type === "heatmap");
    return [
      [layoutKey(xName), { anchor: yName, ...axisJson(x, heatmap, false) }],
      [layoutKey(yName), { anchor: xName, ...axisJson(y, heatmap, hasFoot(panel)) }],
    ];
  });
  const { plot, width, height } = at;
  return {
    data,
    layout: {
      ...layout,
      width,
      height,
      title: layout.title && {
        ...layout.title,
        font: { size: TITLE_SIZE, color: INK },
        x: EDGE / width,
        xanchor: "left",
      },
      font: { family: FONT_STACK, size: LABEL_SIZE, color: INK },
      colorway: data.map((_, index) => paletteColor(index)),
      paper_bgcolor: "#ffffff",
      plot_bgcolor: "#ffffff",
      margin: { l: plot.left, r: width - plot.right, t: plot.top, b: height - plot.bottom, pad: 0 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom" },
      showlegend: layout.showlegend ?? legendEntries(data).length > 0,
      hovermode: "closest",
      ...(data.some(({ type }) => type === "bar") ? { bargap: 1 - FILLED } : {}),
      ...Object.fromEntries(axes),
    },
    config: { responsive: false, displaylogo: false },
  };
}
