/** Stands for a trained tokeniser and for the first pictures of videos. */
import { latentSize } from "../../../lib/model/dit/config.ts";
import type { Tokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import type { Start } from "../../../lib/model/worldModel.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { SMALL } from "./small.ts";

const { width, height } = SMALL.camera;
export const FRAME = width * height * 3;

/** Stands for a tokeniser: latents that show a picture's bytes, and pictures that show a latent's numbers. */
export const tokeniser: Tokeniser = {
  channels: SMALL.latent.channels,
  encode: (frames) => Float32Array.from({ length: latentSize(SMALL.latent) }, (_, i) => frames[i * 7] / 127.5 - 1),
  decodeGroups: (latents) => {
    const size = latentSize(SMALL.latent);
    return Uint8Array.from({ length: (latents.length / size) * 4 * FRAME }, (_, i) =>
      Math.round(128 + 40 * latents[Math.floor(i / (4 * FRAME)) * size + (i % size)]),
    );
  },
  decode: (latents) => latents as unknown as Uint8Array,
  sha256: "",
};

export const startOf = (key: string): Start => {
  const rng = Rng.of("start", key);
  const frame = Uint8Array.from({ length: FRAME }, () => rng.int(256));
  return { frame, pose: { x: rng.uniform(-4, 4), z: rng.uniform(-4, 4), yaw: rng.uniform(-3, 3), pitch: 0 } };
};
