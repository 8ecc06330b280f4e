import { type Displayable, displayable } from "./bundle.ts";
import { type ContactSheetOptions, contactSheet } from "./media/contact-sheet.ts";
import { frameCount, type Video } from "./media/video.ts";
import { plainText } from "./names.ts";

/**
 * A contact sheet of videos, one row each: the still counterpart of `video`, which also shows on GitHub.
 * @example
 * ```ts
 * import { display, sheet } from "worldcompass";
 * const grey = { frames: new Uint8Array(5 * 48 * 80 * 3).fill(128), width: 80, height: 48, fps: 16 };
 * await display(sheet([grey], { labels: ["grey"], frames: [0, 4] }));
 * ```
 */
export function sheet(rows: readonly Video[], options: ContactSheetOptions = {}): Displayable {
  return displayable(() => ({
    "image/png": Buffer.from(contactSheet(rows, options)).toString("base64"),
    "text/plain": plainText(
      [options.title ?? "contact sheet", ...rows.map((row, i) => lineOf(row, options.labels?.[i]))].join("\n"),
    ),
  }));
}

const lineOf = (row: Video, label = "row"): string =>
  `  ${label}: ${frameCount(row)} frames of ${row.width}x${row.height} at ${row.fps} frames/s`;
