/** The pictures that preferences are learnt from: true, reconstructed, decoded from spoiled latents. */

import { FRAME_BYTES, LATENT_SIZE, TOKENISER } from "../../model/tokeniser/config.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { joinFloats } from "../../util/arrays.ts";
import { Progress } from "../../util/progress.ts";
import { Rng } from "../../util/rng.ts";
import { FRAMES_PER_LATENT } from "../../world/config.ts";
import { drawLatentSpoil, LATENT_SPOIL_KINDS, type LatentSize, type LatentSpoilKind } from "./latents.ts";

/** One moment of a video; the last frame of a latent. */
export interface Moment {
  readonly truth: Uint8Array;
  readonly reconstruction: Uint8Array;
  /** Of each kind, from less to more spoiled. */
  readonly spoiled: Readonly<Record<LatentSpoilKind, readonly Uint8Array[]>>;
}

export interface Film {
  /** Reconstructed first frame, the reference. */
  readonly first: Uint8Array;
  readonly moments: readonly Moment[];
}

/** Severities of the two spoiled versions of a moment: the second is clearly worse. */
function severities(rng: Rng): number[] {
  const most = rng.uniform(0.2, 1);
  return [most * rng.uniform(0.15, 0.6), most];
}

const sizeOf = ({ channels }: Tokeniser): LatentSize => ({
  channels,
  size: (LATENT_SIZE / TOKENISER.latentChannels) * channels,
});

const frameOf = (frames: Uint8Array, i: number): Uint8Array => frames.slice(i * FRAME_BYTES, (i + 1) * FRAME_BYTES);

/** Decodes latents and keeps the last of each one's four frames. */
function lastFrames(tokeniser: Tokeniser, latents: readonly Float32Array[]): Uint8Array[] {
  const frames = tokeniser.decodeGroups(joinFloats(latents));
  return latents.map((_, i) => frameOf(frames, i * FRAMES_PER_LATENT + FRAMES_PER_LATENT - 1));
}

function spoiledFrames(tokeniser: Tokeniser, latents: readonly Float32Array[], kind: LatentSpoilKind, rng: Rng) {
  const latentSize = sizeOf(tokeniser);
  const versions = latents.flatMap((latent) => {
    const spoil = drawLatentSpoil(kind, rng, latentSize);
    return severities(rng).map((severity) => spoil(latent, severity));
  });
  const frames = lastFrames(tokeniser, versions);
  return latents.map((_, i) => frames.slice(2 * i, 2 * i + 2));
}

function filmOf(frames: Uint8Array, tokeniser: Tokeniser, rng: Rng): Film {
  const encoded = tokeniser.encode(frames);
  const { size } = sizeOf(tokeniser);
  const latents = Array.from({ length: encoded.length / size }, (_, i) => encoded.subarray(i * size, (i + 1) * size));
  const [first, ...reconstructions] = lastFrames(tokeniser, latents);
  const spoiled = LATENT_SPOIL_KINDS.map((kind) => spoiledFrames(tokeniser, latents.slice(1), kind, rng));
  const moments = reconstructions.map((reconstruction, i): Moment => {
    const versions = LATENT_SPOIL_KINDS.map((kind, k) => [kind, spoiled[k][i]]);
    const truth = frameOf(frames, (i + 1) * FRAMES_PER_LATENT);
    return { truth, reconstruction, spoiled: Object.fromEntries(versions) as Moment["spoiled"] };
  });
  return { first, moments };
}

/** Videos, [4 n - 3, 48, 80, 3] bytes each. */
export interface FrameSource {
  readonly trajectories: number;
  frames(i: number): Uint8Array;
}

/** A film of every video. */
export function openFilms(data: FrameSource, tokeniser: Tokeniser): Film[] {
  const progress = new Progress("pictures", data.trajectories, 0, { unit: "videos" });
  const films = Array.from({ length: data.trajectories }, (_, i) => {
    const film = filmOf(data.frames(i), tokeniser, Rng.of("preference", i));
    progress.update(i + 1);
    return film;
  });
  progress.finish();
  return films;
}
