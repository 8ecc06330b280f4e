/** Pictures of recorded trajectories with their true depths: as they were, and as the tokeniser gives them back. */
import type { Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { Progress } from "../../util/progress.ts";
import type { Dataset } from "../../world/dataset/read.ts";
import type { CameraModel, World } from "../../world/world.ts";

export interface DepthBank {
  readonly camera: CameraModel;
  /** Of each version the same n pictures, [n, height, width, 3] bytes; the first version is the truth. */
  readonly versions: readonly Uint8Array[];
  /** Logarithms of depths in steps of translation, [n, height, width]. */
  readonly logDepths: Float32Array;
  /** Pitch of the cameras in its steps, [n]. */
  readonly pitches: Float32Array;
}

export interface DepthBankOptions {
  /** Trajectories taken: `first` to `first + count - 1`. */
  readonly first: number;
  readonly count: number;
  /** Frames between two pictures of a trajectory. */
  readonly stride: number;
}

/** Depths outside of these bounds, in steps of translation, count as the bound: what is farther does not visibly move. */
export const NEAREST = 0.5;
export const FARTHEST = 1000;

/** @param world that the data set is of; its levels give the true depths */
export async function fillDepthBank(
  world: World,
  dataset: Dataset,
  tokeniser: Tokeniser | undefined,
  { first, count, stride }: DepthBankOptions,
): Promise<DepthBank> {
  const { camera, step } = dataset.manifest.description.world;
  const pixels = camera.width * camera.height;
  const parts: { versions: Uint8Array[]; depths: Float32Array; pitches: number[] }[] = [];
  const progress = new Progress("depths", count, 0, { unit: "trajectories" });
  for (let i = first; i < first + count; i++) {
    const { levelSeed, poses } = dataset.recording(i);
    // The phase moves on from trajectory to trajectory, so that every place in a latent occurs.
    const chosen = poses.flatMap((_, frame) => ((frame + i) % stride === 0 ? [frame] : []));
    const frames = dataset.frames(i);
    const sources = tokeniser ? [frames, tokeniser.decode(tokeniser.encode(frames))] : [frames];
    const versions = sources.map((all) => pick(all, chosen, 3 * pixels));
    const at = chosen.map((frame) => poses[frame]);
    const depths = await world.level(levelSeed).depth(at);
    parts.push({ versions, depths, pitches: at.map(({ pitch }) => pitch / step.pitch) });
    progress.advance();
  }
  progress.finish();
  const n = parts.reduce((sum, { pitches }) => sum + pitches.length, 0);
  const versions = (parts[0]?.versions ?? []).map(() => new Uint8Array(3 * pixels * n));
  const logDepths = new Float32Array(pixels * n);
  let at = 0;
  for (const part of parts) {
    part.versions.forEach((version, v) => {
      versions[v].set(version, 3 * pixels * at);
    });
    part.depths.forEach((depth, i) => {
      logDepths[pixels * at + i] = logOf(depth / step.translation);
    });
    at += part.pitches.length;
  }
  return { camera, versions, logDepths, pitches: Float32Array.from(parts.flatMap(({ pitches }) => pitches)) };
}

const logOf = (steps: number): number => Math.log(Math.max(NEAREST, Math.min(FARTHEST, steps)));

function pick(frames: Uint8Array, chosen: readonly number[], size: number): Uint8Array {
  const out = new Uint8Array(chosen.length * size);
  chosen.forEach((frame, i) => {
    out.set(frames.subarray(frame * size, (frame + 1) * size), i * size);
  });
  return out;
}
