import { UserError } from "../../util/errors.ts";
import { blankImage, type Image, pasteImage, upscaleImage } from "./image.ts";
import { encodePng } from "./png.ts";
import { blendLayer, escapeMarkup, FONT_FAMILY, svgToLayer, textWidth } from "./svg.ts";
import { frameAt, frameCount, type Video } from "./video.ts";

export interface ContactSheetOptions {
  /** A label to the left of each row. */
  labels?: readonly string[];
  /** Which frames to show: a number for that many, evenly spread with first and last, or frame indices; default 8. */
  frames?: number | readonly number[];
  /** Heading of each column; default "frame 1" and so on, counted from 1. */
  headings?: readonly string[];
  title?: string;
  /** Whole factor by which frames are enlarged; default 2. */
  scale?: number;
}

const GAP = 4;
const MARGIN = 14;
const TEXT = 14;

/** `count` indices spread evenly over 0 to `length - 1`, both included. */
export function spreadFrames(length: number, count: number): number[] {
  const shown = Math.min(length, count);
  return Array.from({ length: shown }, (_, i) => (shown === 1 ? 0 : Math.round((i * (length - 1)) / (shown - 1))));
}

interface Grid {
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly width: number;
  readonly height: number;
}

function layOut(rows: readonly Video[], columns: number, options: ContactSheetOptions, scale: number): Grid {
  const labelWidth = Math.max(0, ...(options.labels ?? []).map((label) => textWidth(label, TEXT, 600)));
  const left = MARGIN + (labelWidth > 0 ? Math.ceil(labelWidth) + 14 : 0);
  const top = MARGIN + (options.title ? 30 : 0) + 22;
  const [cellWidth, cellHeight] = [rows[0].width * scale + GAP, rows[0].height * scale + GAP];
  const gridWidth = left + columns * cellWidth - GAP;
  const titleWidth = MARGIN + textWidth(options.title ?? "", 17, 600);
  const width = Math.ceil(Math.max(gridWidth, titleWidth)) + MARGIN;
  return { left, top, cellWidth, cellHeight, width, height: top + rows.length * cellHeight - GAP + MARGIN };
}

function drawTexts(grid: Grid, headings: readonly string[], { labels = [], title }: ContactSheetOptions): string {
  const { left, top, cellWidth, cellHeight } = grid;
  const parts = headings.map(
    (heading, i) =>
      `<text x="${left + i * cellWidth + (cellWidth - GAP) / 2}" y="${top - 8}" text-anchor="middle" font-size="12"
        fill="#66717f">${escapeMarkup(heading)}</text>`,
  );
  for (const [i, label] of labels.entries()) {
    const y = top + i * cellHeight + (cellHeight - GAP) / 2 + 5;
    parts.push(`<text x="${MARGIN}" y="${y}" font-size="${TEXT}" font-weight="600">${escapeMarkup(label)}</text>`);
  }
  if (title)
    parts.push(`<text x="${MARGIN}" y="${MARGIN + 16}" font-size="17" font-weight="600">${escapeMarkup(title)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${grid.width}" height="${grid.height}"
    font-family="${FONT_FAMILY}" fill="#1f2933">${parts.join("")}</svg>`;
}

function check(rows: readonly Video[], { labels }: ContactSheetOptions): void {
  if (rows.length === 0) throw new UserError("a contact sheet of no videos", "give one video or more");
  if (labels && labels.length !== rows.length) {
    throw new UserError(`${labels.length} labels for ${rows.length} rows`, "give one label a row");
  }
  const size = `${rows[0].width}x${rows[0].height}`;
  for (const { width, height } of rows) {
    if (`${width}x${height}` !== size) {
      throw new UserError(`a row of ${width}x${height} frames under one of ${size}`, "give all rows one frame size");
    }
  }
}

/** The picture of a contact sheet: one row a video, time from left to right. A row that ends early stays empty. */
export function drawContactSheet(rows: readonly Video[], options: ContactSheetOptions = {}): Image {
  check(rows, options);
  const { frames = 8, scale = 2 } = options;
  const longest = Math.max(...rows.map(frameCount));
  const indices = typeof frames === "number" ? spreadFrames(longest, frames) : frames;
  const headings = options.headings ?? indices.map((index) => `frame ${index + 1}`);
  if (headings.length !== indices.length) {
    throw new UserError(`${headings.length} headings for ${indices.length} columns`, "give one heading a column");
  }
  const grid = layOut(rows, indices.length, options, scale);
  const sheet = blankImage(grid.width, grid.height, [255, 255, 255]);
  for (const [row, video] of rows.entries()) {
    for (const [column, index] of indices.entries()) {
      if (index >= frameCount(video)) continue;
      const cell = upscaleImage(frameAt(video, index), scale);
      pasteImage(sheet, cell, grid.left + column * grid.cellWidth, grid.top + row * grid.cellHeight);
    }
  }
  blendLayer(sheet, svgToLayer(drawTexts(grid, headings, options)));
  return sheet;
}

/** A contact sheet as PNG bytes. */
export function contactSheet(rows: readonly Video[], options: ContactSheetOptions = {}): Uint8Array {
  return encodePng(drawContactSheet(rows, options));
}
