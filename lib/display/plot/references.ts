import type { Panel } from "./figure.ts";
import type { Frame } from "./frame.ts";
import { stroke } from "./marks/scatter.ts";
import { positioner } from "./scale.ts";
import type { ReferenceLine } from "./spec.ts";
import { el, type Point, pathData, textEl } from "./svg.ts";
import { MUTED, TICK_SIZE } from "./theme.ts";

const RIM = "rgba(255,255,255,0.7)";

/** A white rim keeps a label legible where it crosses data. */
const HALO = {
  "text-anchor": "end",
  "font-size": TICK_SIZE,
  stroke: "#ffffff",
  "stroke-width": 3,
  "stroke-linejoin": "round",
  "paint-order": "stroke",
};

interface Placed {
  readonly ends: readonly [Point, Point];
  /** Where the label stands: at the right end of a level line, at the top of an upright one. */
  readonly label: { x: number; y: number };
}

function place(shape: ReferenceLine, panel: Panel, { area, x, y }: Frame): Placed | undefined {
  if (shape.yref === panel.yName && shape.xref === `${panel.xName} domain`) {
    const level = y.pixel(y.position(shape.y0));
    return {
      ends: [
        [area.left, level],
        [area.right, level],
      ],
      label: { x: area.right - 3, y: level - 5 },
    };
  }
  if (shape.xref === panel.xName && shape.yref === `${panel.yName} domain`) {
    const at = x.pixel(x.position(shape.x0));
    return {
      ends: [
        [at, area.bottom],
        [at, area.top],
      ],
      label: { x: at - 5, y: area.top + TICK_SIZE },
    };
  }
  return undefined;
}

/** The reference lines of a panel with their labels. */
export function drawReferences(shapes: readonly ReferenceLine[], panel: Panel, frame: Frame): string {
  return shapes
    .map((shape) => {
      const placed = place(shape, panel, frame);
      if (!placed) return "";
      const line = el("path", { d: pathData(placed.ends), ...stroke(shape.line, MUTED) });
      if (!shape.label) return line;
      const fill = shape.label.color ?? MUTED;
      return line + textEl(shape.label.text, { ...placed.label, ...HALO, fill });
    })
    .join("");
}

/** The labels as plotly annotations, in the places where the still picture has them; a log axis counts exponents. */
export function referenceLabels(shapes: readonly ReferenceLine[], panels: readonly Panel[]): object[] {
  return shapes.flatMap((shape) => {
    const level = panels.find(({ yName }) => yName === shape.yref);
    const upright = panels.find(({ xName }) => xName === shape.xref);
    const axis = level?.y ?? upright?.x;
    if (!shape.label || !axis) return [];
    const at = positioner(axis, axis.categories)(level ? shape.y0 : shape.x0);
    const place = level ? { x: 1, y: at, yanchor: "bottom" } : { x: at, y: 1, yanchor: "top" };
    const font = { size: TICK_SIZE, color: shape.label.color ?? MUTED };
    const { xref, yref } = shape;
    return [{ text: shape.label.text, ...place, xref, yref, xanchor: "right", showarrow: false, font, bgcolor: RIM }];
  });
}
