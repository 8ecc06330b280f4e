import { FONT_FAMILY } from "../media/svg.ts";

/** Series colours in order of use: told apart in print and with the common kinds of colour blindness. */
export const PALETTE = [
  "#2f6db5",
  "#e08214",
  "#2a9d74",
  "#c2456b",
  "#7a63b8",
  "#7f8893",
  "#b8a100",
  "#3fb2d0",
] as const;
export const INK = "#1f2933";
export const MUTED = "#616e7c";
export const GRID = "#e8ebef";
export const AXIS = "#9aa5b1";
/** Light to dark at even steps, for quantities from none to much. */
export const SEQUENTIAL = ["#f6f8fb", "#c5d8ee", "#7fadd9", "#3a76ba", "#123a6f"] as const;

export const TITLE_SIZE = 16;
export const LABEL_SIZE = 12.5;
export const TICK_SIZE = 11.5;
export const FIGURE_WIDTH = 860;
export const FIGURE_HEIGHT = 420;
export const LINE_WIDTH = 2.2;
export const POINT_SIZE = 7;
export const BAND_OPACITY = 0.16;
export const DASHES = { solid: undefined, dash: "8 5", dot: "2 4" } as const;
/** What the interactive picture asks for: Inter where installed, else the reader's own sans-serif. */
export const FONT_STACK = `${FONT_FAMILY}, system-ui, -apple-system, "Segoe UI", sans-serif`;

/** The palette's colour number `index`, around and around. */
export const paletteColor = (index: number): string => PALETTE[index % PALETTE.length];
