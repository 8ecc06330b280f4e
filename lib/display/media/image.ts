import { UserError } from "../../util/errors.ts";

/** An RGB picture: `pixels` is [height, width, 3], one byte a channel, row by row from the top. */
export interface Image {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** A picture of one colour. */
export function blankImage(width: number, height: number, [red, green, blue]: Rgb): Image {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i += 3) {
    pixels[i] = red;
    pixels[i + 1] = green;
    pixels[i + 2] = blue;
  }
  return { pixels, width, height };
}

/** Copies `source` into `target` with its top left corner at (x, y); the whole of it must fit. */
export function pasteImage(target: Image, source: Image, x: number, y: number): void {
  if (x < 0 || y < 0 || x + source.width > target.width || y + source.height > target.height) {
    throw new UserError(
      `a ${source.width}x${source.height} picture does not fit at (${x}, ${y}) in ${target.width}x${target.height}`,
      "make the target larger or move the picture",
    );
  }
  const rowBytes = source.width * 3;
  for (let row = 0; row < source.height; row++) {
    const from = row * rowBytes;
    target.pixels.set(source.pixels.subarray(from, from + rowBytes), ((y + row) * target.width + x) * 3);
  }
}

/** Enlarges by a whole factor, each pixel becoming a square: small frames stay crisp, nothing is invented. */
export function upscaleImage(image: Image, factor: number): Image {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new UserError(`cannot enlarge a picture ${factor} times`, "give a whole number of at least 1");
  }
  const width = image.width * factor;
  const out = new Uint8Array(width * image.height * factor * 3);
  for (let y = 0; y < image.height; y++) {
    const start = y * factor * width * 3;
    for (let x = 0; x < image.width; x++) {
      const from = (y * image.width + x) * 3;
      for (let k = 0; k < factor; k++) out.set(image.pixels.subarray(from, from + 3), start + (x * factor + k) * 3);
    }
    for (let k = 1; k < factor; k++) out.copyWithin(start + k * width * 3, start, start + width * 3);
  }
  return { pixels: out, width, height: image.height * factor };
}
