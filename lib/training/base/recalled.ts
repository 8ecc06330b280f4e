/** What each clip of a corpus would recall: the pictures before it with depths that the network reads from them, from its first pose. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CLIP_LATENTS } from "../../model/clip.ts";
import type { DepthNetwork } from "../../model/depth/depth.ts";
import { latentSize } from "../../model/dit/config.ts";
import { recall } from "../../model/memory/recall.ts";
import type { PosedPicture } from "../../model/memory/splat.ts";
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { joinBytes } from "../../util/arrays.ts";
import { sha256, writeAtomic } from "../../util/files.ts";
import { Progress } from "../../util/progress.ts";
import { FRAMES_PER_LATENT } from "../../world/config.ts";
import type { Dataset } from "../../world/dataset/read.ts";
import type { Corpus } from "./corpus.ts";

interface Sources {
  readonly dataset: Dataset;
  readonly tokeniser: Tokeniser;
  readonly depth: DepthNetwork;
}

/**
 * The corpus with what is recalled, made or read from `cacheDir`.
 * @param corpus of the same data set and tokeniser
 */
export function recalling(corpus: Corpus, sources: Sources, cacheDir = ".cache/latents"): Corpus {
  const { dataset, tokeniser, depth } = sources;
  const { description } = dataset.manifest;
  const key = sha256(Buffer.from(JSON.stringify([tokeniser.sha256, depth.sha256, description, "recalled"])));
  const size = CLIP_LATENTS * latentSize(corpus.latent);
  const values = cached(join(cacheDir, `${key.slice(0, 16)}.f32`), corpus.trajectories * corpus.clips * size, () =>
    recallAll(corpus, sources, size),
  );
  const recalled = (trajectory: number, clip: number): Float32Array => {
    const at = (trajectory * corpus.clips + clip) * size;
    return values.subarray(at, at + size);
  };
  return { ...corpus, recalled };
}

function cached(path: string, length: number, make: () => Float32Array): Float32Array {
  if (existsSync(path)) {
    const bytes = readFileSync(path);
    if (bytes.length === 4 * length) return new Float32Array(bytes.buffer, bytes.byteOffset, length);
  }
  const values = make();
  writeAtomic(path, Buffer.from(values.buffer));
  return values;
}

function recallAll(corpus: Corpus, sources: Sources, size: number): Float32Array {
  const out = new Float32Array(corpus.trajectories * corpus.clips * size);
  const progress = new Progress("recalling", corpus.trajectories, 0, { unit: "trajectories" });
  for (let i = 0; i < corpus.trajectories; i++) {
    const known = picturesOf(corpus, sources, i);
    for (let clip = 1; clip < corpus.clips; clip++) {
      const { camera, step } = corpus.world;
      const views = recall(known.slice(0, CLIP_LATENTS * clip), corpus.paths(i)[clip][0].start, camera, step);
      const at = (i * corpus.clips + clip) * size;
      for (const [v, view] of views.entries()) {
        const part = size / views.length;
        out.set(sources.tokeniser.encode(view).subarray(0, part), at + v * part);
      }
    }
    progress.advance();
  }
  progress.finish();
  return out;
}

/** The last picture of every latent of a trajectory, with depths. */
function picturesOf({ world, clips }: Corpus, { dataset, depth }: Sources, i: number): PosedPicture[] {
  const { width, height } = world.camera;
  const [frames, bytes] = [dataset.frames(i), 3 * width * height];
  const { poses } = dataset.recording(i);
  const last = Array.from({ length: clips * CLIP_LATENTS }, (_, latent) => FRAMES_PER_LATENT * latent);
  const pictures = last.map((frame) => frames.slice(frame * bytes, (frame + 1) * bytes));
  const { depths } = depth.read(joinBytes(pictures));
  return pictures.map((picture, k) => ({
    picture,
    depth: depths.subarray((k * bytes) / 3, ((k + 1) * bytes) / 3),
    pose: poses[last[k]],
  }));
}
