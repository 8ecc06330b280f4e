/** What the videos of a rollout recall before their next clip: see lib/model/memory/recall.ts. */
import { joinBytes, joinFloats } from "../../util/arrays.ts";
import type { Pose } from "../../world/camera.ts";
import { FRAMES_PER_LATENT } from "../../world/config.ts";
import { CLIP_LATENTS, NO_ACTION } from "../clip.ts";
import type { CameraTrajectory } from "../context.ts";
import { type DepthReader, recall, recalledPath } from "../memory/recall.ts";
import type { PosedPicture } from "../memory/splat.ts";
import type { Clip, Start } from "../worldModel.ts";
import { CONTEXT_SIGMAS, type HostClip } from "./batch.ts";
import type { DitConfig } from "./config.ts";

/** What codes pictures and clips. */
export interface Codec {
  /** Latents of single pictures, [n, rows, columns, channels]. */
  readonly encode: (pictures: readonly Uint8Array[]) => Float32Array[];
  readonly decode: (clips: readonly Clip[]) => Uint8Array[];
}

const NOTHING = new Array<number>(CLIP_LATENTS).fill(NO_ACTION);

/** Four views with their places, as a clip of the context. */
export const recalledClip = (latents: Float32Array, last: Pose): HostClip => ({
  latents,
  sigma: CONTEXT_SIGMAS,
  path: recalledPath(last),
  actions: NOTHING,
  time: 0,
});

export class Recollection {
  private readonly codec: Codec;
  private readonly depth: DepthReader;
  private readonly config: DitConfig;
  /** Of each video, oldest first. */
  private readonly known: PosedPicture[][];

  constructor(codec: Codec, depth: DepthReader, config: DitConfig, starts: readonly Start[]) {
    this.codec = codec;
    this.depth = depth;
    this.config = config;
    this.known = starts.map(() => []);
    for (const [i, { frame, pose }] of starts.entries()) this.remember(i, [frame], [pose]);
  }

  /** Remembers the last picture of every latent of each video's new clip. @param first the given picture is known already */
  add(clips: readonly Clip[], paths: readonly CameraTrajectory[], first: boolean): void {
    const { width, height } = this.config.camera;
    const bytes = 3 * width * height;
    for (const [i, frames] of this.codec.decode(clips).entries()) {
      const latents = Array.from({ length: CLIP_LATENTS }, (_, latent) => latent).slice(first ? 1 : 0);
      const last = (latent: number): number => FRAMES_PER_LATENT * (latent + 1) - 1;
      const pictures = latents.map((latent) => frames.slice(last(latent) * bytes, (last(latent) + 1) * bytes));
      this.remember(
        i,
        pictures,
        latents.map((latent) => paths[i][latent].end),
      );
    }
  }

  /** What video `i` recalls at a pose. */
  clip(i: number, last: Pose): HostClip {
    const views = recall(this.known[i], last, this.config.camera, this.config.step);
    return recalledClip(joinFloats(this.codec.encode(views)), last);
  }

  private remember(i: number, pictures: readonly Uint8Array[], poses: readonly Pose[]): void {
    const { depths } = this.depth.read(joinBytes(pictures));
    const pixels = depths.length / pictures.length;
    for (const [k, picture] of pictures.entries())
      this.known[i].push({ picture, depth: depths.subarray(k * pixels, (k + 1) * pixels), pose: poses[k] });
  }
}
