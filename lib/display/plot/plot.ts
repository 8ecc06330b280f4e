import { type Displayable, displayable } from "../bundle.ts";
import { svgToPng } from "../media/svg.ts";
import { plainText } from "../names.ts";
import type { Chart, Figure } from "./chart.ts";
import { figureOf } from "./charts/panels.ts";
import { interactiveJson } from "./interactive.ts";
import { legendEntries } from "./legend.ts";
import { drawFigure } from "./still.ts";

/** Pixels of the still picture per unit of the layout: sharp on dense screens. */
const DENSITY = 2;

const figured = (shown: Chart | Figure): Figure => ("charts" in shown ? shown : figureOf(shown));

/** The still picture of a chart or a figure as PNG bytes, twice its width and height. */
export const plotPng = (shown: Chart | Figure): Uint8Array => svgToPng(drawFigure(figured(shown)), DENSITY);

/**
 * A plot: interactive where the front end knows plotly (JupyterLab), the same figure as a still picture elsewhere
 * (GitHub, nbconvert).
 *
 * @example
 * ```ts
 * import { display, lineChart, plot } from "worldcompass";
 * const series = [{ name: "reward", x: [0, 1, 2], y: [0.2, 0.4, 0.5] }];
 * await display(plot(lineChart({ title: "a run", series })));
 * ```
 */
export function plot(shown: Chart | Figure): Displayable {
  return displayable(() => {
    const figure = figured(shown);
    const names = legendEntries(figure).map(({ name }) => name);
    return {
      "application/vnd.plotly.v1+json": interactiveJson(figure),
      "image/png": Buffer.from(plotPng(figure)).toString("base64"),
      "text/plain": plainText(
        `[plot: ${figure.title ?? "untitled"}${names.length > 0 ? ` (${names.join(", ")})` : ""}]`,
      ),
    };
  });
}
