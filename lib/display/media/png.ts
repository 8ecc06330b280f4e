import { type DecodedPng, decode, encode } from "fast-png";
import { UserError } from "../../util/errors.ts";
import type { Image } from "./image.ts";

/** PNG bytes of a picture (8-bit RGB). */
export function encodePng({ pixels, width, height }: Image): Uint8Array {
  return encode({ data: pixels, width, height, channels: 3, depth: 8 }, { zlib: { level: 9 } });
}

/** The picture in 8-bit PNG bytes; an alpha channel is dropped. @throws UserError where they are damaged, or no such picture */
export function decodePng(bytes: Uint8Array): Image {
  const { data, width, height, channels } = decoded(bytes);
  if (channels === 3) return { pixels: Uint8Array.from(data), width, height };
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = data[channels * i + (channels > 2 ? c : 0)];
  }
  return { pixels, width, height };
}

function decoded(bytes: Uint8Array): DecodedPng {
  let picture: DecodedPng;
  try {
    picture = decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw new UserError(`the picture is no sound PNG: ${(cause as Error).message}`, "write it again", { cause });
  }
  const { data, width, height, channels, depth, palette } = picture;
  if (depth !== 8 || palette)
    throw new UserError(`the PNG has ${palette ? "a palette" : `${depth} bits`}`, "save it with 8 bits a channel");
  if (data.length === width * height * channels) return picture;
  throw new UserError(`the PNG holds ${data.length} values for ${width} x ${height} pixels`, "write it again");
}
