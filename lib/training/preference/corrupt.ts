/** Graded ways to spoil a picture, on the host: severity 0 changes nothing, 1 is gross. Pictures are [48, 80, 3] bytes. */
import type { Rng } from "../../util/rng.ts";
import { FRAME_BYTES, HEIGHT, WIDTH } from "../../world/index.ts";

/** A change with its random details fixed, so that it can be applied in several strengths. */
export type Spoil = (picture: Uint8Array, severity: number) => Uint8Array;

const at = (row: number, column: number, colour: number): number =>
  (Math.max(0, Math.min(HEIGHT - 1, row)) * WIDTH + Math.max(0, Math.min(WIDTH - 1, column))) * 3 + colour;

/** A picture computed number by number; rounding and clamping are the array's. */
function pictureOf(value: (row: number, column: number, colour: number) => number): Uint8Array {
  const out = new Uint8ClampedArray(FRAME_BYTES);
  let i = 0;
  for (let row = 0; row < HEIGHT; row++)
    for (let column = 0; column < WIDTH; column++)
      for (let colour = 0; colour < 3; colour++) out[i++] = value(row, column, colour);
  return new Uint8Array(out.buffer);
}

/** Mean of 3 x 3 pixels. */
const softened = (p: Uint8Array): Uint8Array =>
  pictureOf((r, c, k) => {
    let sum = 0;
    for (let dr = -1; dr <= 1; dr++) for (let dc = -1; dc <= 1; dc++) sum += p[at(r + dr, c + dc, k)];
    return sum / 9;
  });

const mixed = (a: Uint8Array, b: Uint8Array, share: number): Uint8Array => {
  const out = new Uint8ClampedArray(FRAME_BYTES);
  for (let i = 0; i < FRAME_BYTES; i++) out[i] = a[i] + share * (b[i] - a[i]);
  return new Uint8Array(out.buffer);
};

const blur = (): Spoil => (picture, severity) => {
  const once = softened(picture);
  return severity < 0.5 ? mixed(picture, once, 2 * severity) : mixed(once, softened(softened(once)), 2 * severity - 1);
};

const sharpen = (): Spoil => (picture, severity) => mixed(picture, softened(picture), -2.5 * severity);

/** A tint, and a change of contrast and saturation. */
const colour = (rng: Rng): Spoil => {
  const shift = [0, 1, 2].map(() => rng.uniform(-45, 45));
  const [contrast, saturation] = [rng.uniform(-0.4, 0.4), rng.uniform(-0.6, 0.8)];
  return (picture, severity) =>
    pictureOf((r, c, k) => {
      const i = at(r, c, 0);
      const grey = (picture[i] + picture[i + 1] + picture[i + 2]) / 3;
      const vivid = grey + (1 + severity * saturation) * (picture[i + k] - grey);
      return 128 + (1 + severity * contrast) * (vivid - 128) + severity * shift[k];
    });
};

/** A regular pattern of period 2, 4 or 8, as latents off the decoder's manifold make it. */
const grid = (rng: Rng): Spoil => {
  const period = rng.pick([2, 4, 8]);
  const tile = Array.from(rng.normals(period * period * 3), (v) => 30 * v);
  return (picture, severity) =>
    pictureOf((r, c, k) => picture[at(r, c, k)] + severity * tile[((r % period) * period + (c % period)) * 3 + k]);
};

/** Straight lines bent by smooth waves. */
const geometry = (rng: Rng): Spoil => {
  const [rows, columns] = [rng.uniform(0.15, 0.5), rng.uniform(0.15, 0.5)];
  const [phaseA, phaseB] = [rng.uniform(0, 6), rng.uniform(0, 6)];
  return (picture, severity) =>
    pictureOf((r, c, k) => {
      const dr = Math.round(4 * severity * Math.sin(columns * c + phaseA));
      const dc = Math.round(4 * severity * Math.sin(rows * r + phaseB));
      return picture[at(r + dr, c + dc, k)];
    });
};

/** Blocks of 8 x 8 pixels taken from elsewhere in the picture. */
const patches = (rng: Rng): Spoil => {
  const moves = Array.from({ length: 12 }, () => [rng.int(6), rng.int(10), rng.int(6), rng.int(10)].map((v) => 8 * v));
  return (picture, severity) => {
    const out = picture.slice();
    for (const [fromRow, fromColumn, row, column] of moves.slice(0, Math.ceil(severity * moves.length)))
      for (let r = 0; r < 8; r++)
        for (let i = 0; i < 24; i++) out[at(row + r, column, 0) + i] = picture[at(fromRow + r, fromColumn, 0) + i];
    return out;
  };
};

const grain = (rng: Rng): Spoil => {
  const noise = rng.normals(FRAME_BYTES);
  return (picture, severity) => pictureOf((r, c, k) => picture[at(r, c, k)] + 25 * severity * noise[at(r, c, k)]);
};

/** Every kind of spoiling, with its random details drawn. */
export const SPOILS = { blur, sharpen, colour, grid, geometry, patches, grain } as const;
export type SpoilKind = keyof typeof SPOILS;
export const SPOIL_KINDS = Object.keys(SPOILS) as SpoilKind[];

export const drawSpoil = (kind: SpoilKind, rng: Rng): Spoil => SPOILS[kind](rng);
