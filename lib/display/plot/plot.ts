import { type Displayable, displayable } from "../bundle.ts";
import { svgToPng } from "../media/svg.ts";
import { drawPlot } from "./draw.ts";
import { interactiveJson } from "./interactive.ts";
import type { PlotSpec } from "./spec.ts";

/** Pixels of the still picture per unit of the layout: sharp on dense screens. */
const DENSITY = 2;

/** The still picture of a plot as PNG bytes, twice the layout's width and height. */
export function plotPng(spec: PlotSpec): Uint8Array {
  return svgToPng(drawPlot(spec).svg, DENSITY);
}

/**
 * A plot: interactive where the front end knows plotly (JupyterLab), the same figure as a still picture elsewhere
 * (GitHub, nbconvert).
 */
export function plot(spec: PlotSpec): Displayable {
  return displayable(() => {
    const { svg, at, panels } = drawPlot(spec);
    const names = spec.data.flatMap(({ name }) => (name ? [name] : []));
    return {
      "application/vnd.plotly.v1+json": interactiveJson(spec, at, panels),
      "image/png": Buffer.from(svgToPng(svg, DENSITY)).toString("base64"),
      "text/plain": `[plot: ${spec.layout.title?.text ?? "untitled"}${names.length > 0 ? ` (${names.join(", ")})` : ""}]`,
    };
  });
}
