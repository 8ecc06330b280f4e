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
/** Light to dark, for quantities from none to much. */
export const SEQUENTIAL = [
  [0, "#f6f8fb"],
  [0.25, "#c5d8ee"],
  [0.5, "#7fadd9"],
  [0.75, "#3a76ba"],
  [1, "#123a6f"],
] as const;

export const TITLE_SIZE = 16;
export const LABEL_SIZE = 12.5;
export const TICK_SIZE = 11.5;
export const WIDTH = 860;
export const HEIGHT = 420;
/** What the interactive picture asks for: Inter where installed, else the reader's own sans-serif. */
export const FONT_STACK = `${FONT_FAMILY}, system-ui, -apple-system, "Segoe UI", sans-serif`;

/** The colour of a trace: its own, or the palette's next. */
export const paletteColor = (index: number): string => PALETTE[index % PALETTE.length];

/** `#rrggbb` with an opacity of 0 to 1, as CSS. */
export function translucent(color: string, opacity: number): string {
  return `rgba(${rgbOf(color).join(",")},${opacity})`;
}

/** The channels of `#rrggbb`, 0 to 255. */
export function rgbOf(color: string): [number, number, number] {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
