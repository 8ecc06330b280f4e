import { escapeMarkup, textWidth } from "../media/svg.ts";
import type { CellsMark, Figure, Mark } from "./chart.ts";
import { DASHES, INK, LABEL_SIZE, LINE_WIDTH } from "./theme.ts";

type Entry = Exclude<Mark, CellsMark>;

const SWATCH = 24;
const GAP = 18;
const EDGE = 16;
export const LEGEND_ROW = 22;

/** One entry a name, in order; a lone one is left out. */
export function legendEntries({ charts }: Figure): Entry[] {
  const entries = new Map<string, Entry>();
  for (const mark of charts.flatMap(({ marks }) => marks))
    if (mark.kind !== "cells" && !entries.has(mark.name)) entries.set(mark.name, mark);
  return entries.size > 1 ? [...entries.values()] : [];
}

/** Positions of the entries in rows no wider than the figure. */
function flow(figure: Figure): { entry: Entry; x: number; row: number }[] {
  const width = figure.width - 2 * EDGE;
  let [x, row] = [0, 0];
  return legendEntries(figure).map((entry) => {
    const size = SWATCH + 7 + textWidth(entry.name, LABEL_SIZE) + GAP;
    if (x > 0 && x + size - GAP > width) [x, row] = [0, row + 1];
    const place = { entry, x, row };
    x += size;
    return place;
  });
}

export const legendRows = (figure: Figure): number => Math.max(0, ...flow(figure).map(({ row }) => row + 1));

function swatch(entry: Entry): string {
  const color = escapeMarkup(entry.color);
  if (entry.kind === "bars")
    return `<rect x="6" y="-10" width="12" height="12" fill="${color}" opacity="${entry.opacity}"/>`;
  const dot = `<circle cx="12" cy="-4" r="3.5" fill="${color}"/>`;
  if (entry.kind === "points") return dot;
  const dash = DASHES[entry.dash ?? "solid"];
  const line = `<path d="M0 -4H24" stroke="${color}" stroke-width="${LINE_WIDTH}"${dash ? ` stroke-dasharray="${dash}"` : ""}/>`;
  return line + (entry.points ? dot : "");
}

/** The legend in rows, its first baseline at `top`. */
export function drawLegend(figure: Figure, top: number): string {
  const places = flow(figure).map(({ entry, x, row }) => {
    const name = `<text x="${SWATCH + 7}" font-size="${LABEL_SIZE}" fill="${INK}">${escapeMarkup(entry.name)}</text>`;
    return `<g transform="translate(${EDGE + x} ${top + row * LEGEND_ROW})">${swatch(entry)}${name}</g>`;
  });
  return places.join("");
}
