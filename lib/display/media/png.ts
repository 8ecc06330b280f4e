import { decode, encode } from "fast-png";
import type { Image } from "./image.ts";

/** PNG bytes of a picture (8-bit RGB). */
export function encodePng({ pixels, width, height }: Image): Uint8Array {
  return encode({ data: pixels, width, height, channels: 3, depth: 8 }, { zlib: { level: 9 } });
}

/** The picture in 8-bit PNG bytes; an alpha channel is dropped. */
export function decodePng(bytes: Uint8Array): Image {
  const { data, width, height, channels } = decode(bytes);
  if (channels === 3) return { pixels: Uint8Array.from(data), width, height };
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = data[channels * i + (channels > 2 ? c : 0)];
  }
  return { pixels, width, height };
}
