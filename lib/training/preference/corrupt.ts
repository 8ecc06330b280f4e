/** Graded ways to corrupt a picture, on the host: severity 0 changes nothing, 1 is gross. Pictures are [height, width, 3] bytes. */
import { type PictureSize, pictureBytes } from "../../metrics/video.ts";
import type { Rng } from "../../util/rng.ts";

/** A change with its random details fixed, so that it can be applied in several strengths. */
export type Corruption = (picture: Uint8Array, severity: number) => Uint8Array;

/** Pictures of one size: where their numbers are, and how they are made number by number. */
class Canvas {
  readonly size: PictureSize;

  constructor(size: PictureSize) {
    this.size = size;
  }

  /** Index of a number; beyond the edges the nearest pixel counts. */
  at(row: number, column: number, colour: number): number {
    const { width, height } = this.size;
    return (Math.max(0, Math.min(height - 1, row)) * width + Math.max(0, Math.min(width - 1, column))) * 3 + colour;
  }

  /** A picture computed number by number; rounding and clamping are the array's. */
  paint(value: (row: number, column: number, colour: number) => number): Uint8Array {
    const { width, height } = this.size;
    const out = new Uint8ClampedArray(pictureBytes(this.size));
    let i = 0;
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        for (let colour = 0; colour < 3; colour++) out[i++] = value(row, column, colour);
    return new Uint8Array(out.buffer);
  }

  /** Mean of 3 x 3 pixels. */
  softened(p: Uint8Array): Uint8Array {
    return this.paint((r, c, k) => {
      let sum = 0;
      for (let dr = -1; dr <= 1; dr++) for (let dc = -1; dc <= 1; dc++) sum += p[this.at(r + dr, c + dc, k)];
      return sum / 9;
    });
  }
}

const mixed = (a: Uint8Array, b: Uint8Array, share: number): Uint8Array => {
  const out = new Uint8ClampedArray(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i] + share * (b[i] - a[i]);
  return new Uint8Array(out.buffer);
};

type Kind = (canvas: Canvas, rng: Rng) => Corruption;

const blur: Kind = (canvas) => (picture, severity) => {
  const once = canvas.softened(picture);
  if (severity < 0.5) return mixed(picture, once, 2 * severity);
  return mixed(once, canvas.softened(canvas.softened(once)), 2 * severity - 1);
};

const sharpen: Kind = (canvas) => (picture, severity) => mixed(picture, canvas.softened(picture), -2.5 * severity);

/** A tint, and a change of contrast and saturation. */
const colour: Kind = (canvas, rng) => {
  const shift = [0, 1, 2].map(() => rng.uniform(-45, 45));
  const [contrast, saturation] = [rng.uniform(-0.4, 0.4), rng.uniform(-0.6, 0.8)];
  return (picture, severity) =>
    canvas.paint((r, c, k) => {
      const i = canvas.at(r, c, 0);
      const grey = (picture[i] + picture[i + 1] + picture[i + 2]) / 3;
      const vivid = grey + (1 + severity * saturation) * (picture[i + k] - grey);
      return 128 + (1 + severity * contrast) * (vivid - 128) + severity * shift[k];
    });
};

/** A regular pattern of period 2, 4 or 8, as latents off the decoder's manifold make it. */
const grid: Kind = (canvas, rng) => {
  const period = rng.pick([2, 4, 8]);
  const tile = Array.from(rng.normals(period * period * 3), (v) => 30 * v);
  return (picture, severity) =>
    canvas.paint((r, c, k) => {
      const stamp = tile[((r % period) * period + (c % period)) * 3 + k];
      return picture[canvas.at(r, c, k)] + severity * stamp;
    });
};

/** Straight lines bent by smooth waves. */
const geometry: Kind = (canvas, rng) => {
  const [rows, columns] = [rng.uniform(0.15, 0.5), rng.uniform(0.15, 0.5)];
  const [phaseA, phaseB] = [rng.uniform(0, 6), rng.uniform(0, 6)];
  return (picture, severity) =>
    canvas.paint((r, c, k) => {
      const dr = Math.round(4 * severity * Math.sin(columns * c + phaseA));
      const dc = Math.round(4 * severity * Math.sin(rows * r + phaseB));
      return picture[canvas.at(r + dr, c + dc, k)];
    });
};

/** Side of the blocks that `patches` moves, and how many at most. */
const BLOCK = 8;
const BLOCKS = 12;

/** Blocks taken from elsewhere in the picture. */
const patches: Kind = (canvas, rng) => {
  const [rows, columns] = [Math.floor(canvas.size.height / BLOCK), Math.floor(canvas.size.width / BLOCK)];
  const corner = (): number[] => [rng.int(rows), rng.int(columns)].map((v) => BLOCK * v);
  const moves = Array.from({ length: BLOCKS }, () => [...corner(), ...corner()]);
  return (picture, severity) => {
    const out = picture.slice();
    for (const [fromRow, fromColumn, row, column] of moves.slice(0, Math.ceil(severity * moves.length)))
      for (let r = 0; r < BLOCK; r++)
        for (let i = 0; i < 3 * BLOCK; i++)
          out[canvas.at(row + r, column, 0) + i] = picture[canvas.at(fromRow + r, fromColumn, 0) + i];
    return out;
  };
};

const grain: Kind = (canvas, rng) => {
  const noise = rng.normals(pictureBytes(canvas.size));
  return (picture, severity) =>
    canvas.paint((r, c, k) => picture[canvas.at(r, c, k)] + 25 * severity * noise[canvas.at(r, c, k)]);
};

/** Every kind of corruption. */
export const CORRUPTIONS = { blur, sharpen, colour, grid, geometry, patches, grain } as const;
export type CorruptionKind = keyof typeof CORRUPTIONS;
export const CORRUPTION_KINDS = Object.keys(CORRUPTIONS) as CorruptionKind[];

/** A corruption with its random details drawn. */
export const drawCorruption = (kind: CorruptionKind, rng: Rng, size: PictureSize): Corruption =>
  CORRUPTIONS[kind](new Canvas(size), rng);
