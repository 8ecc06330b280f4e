import { FONT_FAMILY } from "../media/svg.ts";
import { type Arrangement, arrange, EDGE } from "./arrange.ts";
import { drawAxes, drawGrid } from "./axes.ts";
import { drawColorbar } from "./colorbar.ts";
import { hasFoot, type Indexed, type Panel, panelsOf } from "./figure.ts";
import type { Frame } from "./frame.ts";
import { drawLegend } from "./legend.ts";
import { drawBars } from "./marks/bar.ts";
import { drawHeatmap } from "./marks/heatmap.ts";
import { drawHistogram } from "./marks/histogram.ts";
import { drawScatter } from "./marks/scatter.ts";
import { drawReferences } from "./references.ts";
import type { BarTrace, PlotSpec } from "./spec.ts";
import { el, pathData, textEl } from "./svg.ts";
import { AXIS, INK, LABEL_SIZE, TITLE_SIZE } from "./theme.ts";

function drawTraces(traces: readonly Indexed[], frame: Frame): string {
  const bars = traces.filter((item): item is Indexed<BarTrace> => item.trace.type === "bar");
  const others = traces.map(({ trace, index }) => {
    if (trace.type === "scatter") return drawScatter(trace, index, frame);
    if (trace.type === "histogram") return drawHistogram(trace, index, frame);
    return trace.type === "heatmap" ? drawHeatmap(trace, frame) : "";
  });
  return (bars.length > 0 ? drawBars(bars, frame) : "") + others.join("");
}

function drawFoot(panel: Panel, { area, y }: Frame): string {
  const zero = y.pixel(0);
  return hasFoot(panel)
    ? el("path", {
        d: pathData([
          [area.left, zero],
          [area.right, zero],
        ]),
        stroke: AXIS,
      })
    : "";
}

/** Data is cut off at the panel's edge, with room for half a point. */
function clipTo({ area }: Frame, id: string): string {
  const { left, top, right, bottom } = area;
  const rect = el("rect", { x: left - 5, y: top - 5, width: right - left + 10, height: bottom - top + 6 });
  return el("clipPath", { id }, rect);
}

function drawPanel(panel: Panel, frame: Frame, spec: PlotSpec, order: number): string {
  const heatmap = panel.traces.map(({ trace }) => trace).find((trace) => trace.type === "heatmap");
  const id = `panel${order}`;
  const data =
    drawTraces(panel.traces, frame) + drawFoot(panel, frame) + drawReferences(spec.layout.shapes ?? [], panel, frame);
  return [
    heatmap ? "" : drawGrid(frame),
    clipTo(frame, id),
    el("g", { "clip-path": `url(#${id})` }, data),
    drawAxes(panel, frame),
    heatmap?.colorbar ? drawColorbar(heatmap, frame.area) : "",
  ].join("");
}

function drawHeadings(
  { title, annotations = [], showlegend }: PlotSpec["layout"],
  spec: PlotSpec,
  at: Arrangement,
): string {
  const { plot, width } = at;
  const heading = title
    ? textEl(title.text, { x: EDGE, y: EDGE + 14, "font-size": TITLE_SIZE, "font-weight": 600 })
    : "";
  const legend = showlegend === false ? "" : drawLegend(spec.data, EDGE, EDGE + (title ? 44 : 12), width - 2 * EDGE);
  const texts = annotations.map(({ text, x, y, xanchor }) =>
    textEl(text, {
      x: plot.left + x * (plot.right - plot.left),
      y: plot.bottom - y * (plot.bottom - plot.top) - 8,
      "text-anchor": xanchor === "center" ? "middle" : "start",
      "font-size": LABEL_SIZE,
      "font-weight": 600,
    }),
  );
  return heading + legend + texts.join("");
}

/** The still picture of a plot, as an SVG document. */
export function drawPlot(spec: PlotSpec): { svg: string; at: Arrangement; panels: Panel[] } {
  const panels = panelsOf(spec);
  const at = arrange(spec, panels);
  const { width, height } = at;
  const content = [
    el("rect", { width, height, fill: "#ffffff" }),
    drawHeadings(spec.layout, spec, at),
    ...panels.map((panel, i) => drawPanel(panel, at.frames[i], spec, i)),
  ];
  const root = { xmlns: "http://www.w3.org/2000/svg", width, height, "font-family": FONT_FAMILY, fill: INK };
  return { svg: el("svg", root, content.join("")), at, panels };
}
