/** Gives target clips the pictures that their motion carries along; see carry.ts. */
import type { Tokeniser } from "../tokeniser/tokeniser.ts";
import { joinFloats } from "../util/arrays.ts";
import { UserError } from "../util/errors.ts";
import { FRAME_BYTES, FRAMES_PER_LATENT } from "../world/config.ts";
import type { HostClip } from "./batch.ts";
import { carry, type Sight } from "./carry.ts";
import type { ModelConfig } from "./config.ts";
import { fromTokens } from "./tokens.ts";

/** The last frame, [48, 80, 3] bytes, of each of these latents, tokens [15, 128]. */
export type LastFrames = (latents: readonly Float32Array[]) => Uint8Array[];

/** @throws UserError where a model that carries pictures along has no decoder */
export function checkDecoder({ carried }: ModelConfig, lastFrames: LastFrames | undefined): void {
  if (!carried || lastFrames) return;
  throw new UserError("a world model that carries pictures along, without a decoder", "give lastFramesOf(tokeniser)");
}

export const lastFramesOf =
  (tokeniser: Tokeniser): LastFrames =>
  (latents) => {
    const bytes = tokeniser.decodeGroups(fromTokens(joinFloats(latents)));
    const end = (i: number): number => (i + 1) * FRAMES_PER_LATENT * FRAME_BYTES;
    return latents.map((_, i) => bytes.subarray(end(i) - FRAME_BYTES, end(i)));
  };

/** Clips that share their condition and their pictures, as the candidates of one video do, are carried once. */
export function withCarried(clips: readonly HostClip[], lastFrames: LastFrames): HostClip[] {
  const latents = [...new Set(clips.flatMap(({ previous, remembered }) => [previous, remembered?.tokens]))];
  const known = latents.filter((tokens) => tokens !== undefined);
  const pictures = new Map(lastFrames(known).map((picture, i) => [known[i], picture]));
  const done: HostClip[] = [];
  for (const clip of clips) {
    const twin = done.find((other) => isTwin(clip, other));
    done.push({ ...clip, carried: twin?.carried ?? carry(clip.condition.path, sightsOf(clip, pictures)) });
  }
  return done;
}

const isTwin = (a: HostClip, b: HostClip): boolean =>
  a.condition === b.condition && a.previous === b.previous && a.remembered === b.remembered;

function sightsOf({ condition, previous, remembered }: HostClip, pictures: Map<Float32Array, Uint8Array>): Sight[] {
  const sight = (tokens: Float32Array, pose: Sight["pose"]): Sight => {
    return { picture: pictures.get(tokens) as Uint8Array, pose };
  };
  const before = previous ? [sight(previous, condition.path[0].start)] : [];
  return remembered ? [...before, sight(remembered.tokens, remembered.end)] : before;
}
