/** Where the pixels of a carried clip stand: in the folded groups that the tokeniser takes, and in the cells of the tokens. */

import { FRAMES_PER_LATENT, HEIGHT, WIDTH } from "../../world/config.ts";
import { FOLDED_CHANNELS, FOLDED_HEIGHT, FOLDED_WIDTH, TOKENISER } from "../tokeniser/config.ts";
import { PATCH, TOKEN_COLUMNS } from "./config.ts";

/** Side of a cell in pixels. */
const SIDE = TOKENISER.frameWidth / TOKENISER.latentWidth;
/** Numbers of one group. */
export const GROUP_SIZE = FOLDED_HEIGHT * FOLDED_WIDTH * FOLDED_CHANNELS;
/** What one pixel adds to the known share of its cell. */
export const PIXEL_SHARE = 1 / (FRAMES_PER_LATENT * SIDE * SIDE);

const { fold } = TOKENISER;
const ofPixels = (value: (row: number, column: number) => number): Int32Array =>
  Int32Array.from({ length: HEIGHT * WIDTH }, (_, pixel) => value(Math.floor(pixel / WIDTH), pixel % WIDTH));

/** Where a pixel of a latent's first frame stands in the folded group; see tokeniser/fold.ts. */
export const PLACES = ofPixels((row, column) => {
  const place = Math.floor(row / fold) * FOLDED_WIDTH + Math.floor(column / fold);
  return place * FOLDED_CHANNELS + ((row % fold) * fold + (column % fold)) * 3;
});
/** From one frame of a group to the next. */
export const FRAME_STRIDE = fold * fold * 3;

/** The cell of a pixel; cells go token by token. */
export const CELLS = ofPixels((row, column) => {
  const [down, across] = [Math.floor(row / SIDE), Math.floor(column / SIDE)];
  const token = Math.floor(down / PATCH) * TOKEN_COLUMNS + Math.floor(across / PATCH);
  return token * PATCH * PATCH + (down % PATCH) * PATCH + (across % PATCH);
});

/** One frame that is being painted. */
export interface Canvas {
  /** Folded groups of the whole clip; this frame's pixel stands at `base` plus its place. */
  groups: Float32Array;
  base: number;
  /** 1 where any picture shows, or continues, what is to be seen there, [48 * 80]. */
  shown: Uint8Array;
}
