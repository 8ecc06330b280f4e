import { join } from "node:path";
import { fingerprint, writeAtomic } from "../../util/files.ts";
import { Rng } from "../../util/rng.ts";
import { type Pose, SCENES_PER_SPLIT, sceneSeed } from "../index.ts";
import { makeScene, planTrajectory, renderPath, type Trajectory } from "../plane/index.ts";
import { encodeFrames } from "./frames.ts";
import { actionsFile, type DatasetConfig, framesFile, posesFile, type ShardEntry } from "./manifest.ts";
import { encodeColumns } from "./parquet.ts";

/** Data sets of different seeds use different scenes of their split (until the split is used up). */
const SCENES_APART = 10_007;

/** Trajectory number `index` of a data set, without its frames. */
export function planOf(config: DatasetConfig, index: number): Trajectory {
  const { split, seed, latents, recipe } = config;
  const kind = recipe.kinds[index % recipe.kinds.length];
  const scene = sceneSeed(split, (seed * SCENES_APART + index) % SCENES_PER_SPLIT);
  return planTrajectory({ ...recipe, scene, latents, kind, rng: Rng.of(seed, "trajectory", split, index) });
}

/** The trajectories of a shard, as numbers in the whole data set. */
export function trajectoriesOf({ trajectories, trajectoriesPerShard }: DatasetConfig, shard: number): number[] {
  const first = shard * trajectoriesPerShard;
  const count = Math.min(trajectoriesPerShard, trajectories - first);
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Plans, renders and writes one shard into `dir`. @param onFrames told the frames rendered since the last call */
export function writeShard(
  dir: string,
  config: DatasetConfig,
  shard: number,
  onFrames?: (frames: number) => void,
): ShardEntry {
  const indices = trajectoriesOf(config, shard);
  const plans = indices.map((index) => planOf(config, index));
  const frames = plans.map((plan) => {
    const encoded = encodeFrames(renderPath(makeScene(plan.sceneSeed), plan.poses));
    onFrames?.(plan.poses.length);
    return encoded;
  });
  const contents = {
    [actionsFile(shard)]: encodeColumns(actionColumns(indices, plans)),
    [posesFile(shard)]: encodeColumns(poseColumns(indices, plans)),
    [framesFile(shard)]: Buffer.concat(frames),
  };
  for (const [name, bytes] of Object.entries(contents)) writeAtomic(join(dir, name), bytes);
  return {
    shard,
    firstTrajectory: indices[0],
    sceneSeeds: plans.map((plan) => plan.sceneSeed),
    frameBytes: frames.map((encoded) => encoded.length),
    files: Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, fingerprint(bytes)])),
  };
}

function actionColumns(indices: number[], plans: Trajectory[]) {
  return {
    trajectory: Int32Array.from(plans.flatMap(({ executed }, i) => Array.from(executed, () => indices[i]))),
    latent: Int32Array.from(plans.flatMap(({ executed }) => Array.from(executed, (_, t) => t))),
    commanded: Int32Array.from(plans.flatMap(({ commanded }) => [...commanded])),
    executed: Int32Array.from(plans.flatMap(({ executed }) => [...executed])),
  };
}

function poseColumns(indices: number[], plans: Trajectory[]) {
  const column = (key: keyof Pose): Float64Array =>
    Float64Array.from(plans.flatMap(({ poses }) => poses.map((pose) => pose[key])));
  return {
    trajectory: Int32Array.from(plans.flatMap(({ poses }, i) => poses.map(() => indices[i]))),
    frame: Int32Array.from(plans.flatMap(({ poses }) => poses.map((_, frame) => frame))),
    x: column("x"),
    z: column("z"),
    yaw: column("yaw"),
    pitch: column("pitch"),
  };
}
