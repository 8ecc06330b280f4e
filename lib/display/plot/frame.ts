import type { Scale } from "./scale.ts";

/** Pixels on the figure. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A panel's place on the figure and its two scales. */
export interface Frame {
  readonly area: Rect;
  readonly x: Scale;
  readonly y: Scale;
}
