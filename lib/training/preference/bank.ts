/** The pictures that preferences are learnt from: true, reconstructed, decoded from corrupted latents. */

import { FRAME_BYTES, LATENT_SIZE, TOKENISER } from "../../model/tokeniser/config.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { joinFloats } from "../../util/arrays.ts";
import { Progress } from "../../util/progress.ts";
import { Rng } from "../../util/rng.ts";
import { FRAMES_PER_LATENT } from "../../world/config.ts";
import {
  drawLatentCorruption,
  LATENT_CORRUPTION_KINDS,
  type LatentCorruptionKind,
  type LatentSize,
} from "./latents.ts";

/** One keyframe of a video; the last frame of a latent. */
export interface Keyframe {
  readonly truth: Uint8Array;
  readonly reconstruction: Uint8Array;
  /** Of each kind, from less to more corrupted. */
  readonly corrupted: Readonly<Record<LatentCorruptionKind, readonly Uint8Array[]>>;
}

export interface KeyframedVideo {
  /** Reconstructed first frame, the reference. */
  readonly first: Uint8Array;
  readonly keyframes: readonly Keyframe[];
}

/** Severities of the two corrupted versions of a keyframe: the second is clearly worse. */
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

function corruptedFrames(tokeniser: Tokeniser, latents: readonly Float32Array[], kind: LatentCorruptionKind, rng: Rng) {
  const latentSize = sizeOf(tokeniser);
  const versions = latents.flatMap((latent) => {
    const corrupt = drawLatentCorruption(kind, rng, latentSize);
    return severities(rng).map((severity) => corrupt(latent, severity));
  });
  const frames = lastFrames(tokeniser, versions);
  return latents.map((_, i) => frames.slice(2 * i, 2 * i + 2));
}

function keyframedVideo(frames: Uint8Array, tokeniser: Tokeniser, rng: Rng): KeyframedVideo {
  const encoded = tokeniser.encode(frames);
  const { size } = sizeOf(tokeniser);
  const latents = Array.from({ length: encoded.length / size }, (_, i) => encoded.subarray(i * size, (i + 1) * size));
  const [first, ...reconstructions] = lastFrames(tokeniser, latents);
  const corrupted = LATENT_CORRUPTION_KINDS.map((kind) => corruptedFrames(tokeniser, latents.slice(1), kind, rng));
  const keyframes = reconstructions.map((reconstruction, i): Keyframe => {
    const versions = LATENT_CORRUPTION_KINDS.map((kind, k) => [kind, corrupted[k][i]]);
    const truth = frameOf(frames, (i + 1) * FRAMES_PER_LATENT);
    return { truth, reconstruction, corrupted: Object.fromEntries(versions) as Keyframe["corrupted"] };
  });
  return { first, keyframes };
}

/** Videos, [4 n - 3, 48, 80, 3] bytes each. */
export interface VideoSource {
  readonly trajectories: number;
  frames(i: number): Uint8Array;
}

/** The keyframes of every video, with corrupted versions. */
export function keyframedVideos(data: VideoSource, tokeniser: Tokeniser): KeyframedVideo[] {
  const progress = new Progress("pictures", data.trajectories, 0, { unit: "videos" });
  const videos = Array.from({ length: data.trajectories }, (_, i) => {
    const video = keyframedVideo(data.frames(i), tokeniser, Rng.of("preference", i));
    progress.update(i + 1);
    return video;
  });
  progress.finish();
  return videos;
}
