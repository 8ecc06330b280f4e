/** Makes data sets of ours from somebody's LeRobotDataset: what tokeniser, action estimators and base are trained on. */
import { join } from "node:path";
import { UserError } from "../../../util/errors.ts";
import { sha256 } from "../../../util/files.ts";
import { ownFolder } from "../../../util/lock.ts";
import { Progress } from "../../../util/progress.ts";
import type { Pose } from "../../camera.ts";
import { framesOf, HEIGHT, WIDTH } from "../../config.ts";
import type { Trajectory } from "../../plan.ts";
import type { Split } from "../../splits.ts";
import { encodeFrames } from "../frames.ts";
import {
  type DatasetDescription,
  FORMAT,
  findManifest,
  type ShardEntry,
  shardsOf,
  writeManifest,
} from "../manifest.ts";
import { RECIPES } from "../recipes.ts";
import { storeShard, trajectoriesOf } from "../shard.ts";
import { checkMapping, type Mapping, mappedWorld } from "./mapping.ts";
import { type FrameMotion, farShare, latentActions, mixedShare, motionsOf, posesFrom } from "./motions.ts";
import { type LerobotSet, openLerobot } from "./read.ts";

export interface ImportOptions {
  readonly dir: string;
  readonly mapping: Mapping;
  /** Folder of the data sets, one folder a split below it. */
  readonly out: string;
  /** Latents of a trajectory of pre-training and validation; episodes are cut into pieces. */
  readonly latents: number;
}

/** Which of ten episodes in turn serve which split; the tokeniser learns from those of pre-training. */
const DEALT: readonly { split: Split; turns: readonly number[]; short?: boolean }[] = [
  { split: "validation", turns: [0] },
  { split: "estimator-evaluation", turns: [1, 2], short: true },
  { split: "tokeniser", turns: [3, 4, 5, 6, 7, 8, 9], short: true },
  { split: "pretrain", turns: [3, 4, 5, 6, 7, 8, 9] },
];
const FEWEST_EPISODES = 4;
/** Latents of a trajectory where a short one does. */
const SHORT = 17;
/** Trajectories of the tokeniser's set, at most. */
const MOST = { tokeniser: 300 } as Partial<Record<Split, number>>;
const PER_SHARD = 20;

/** A part of an episode that becomes a trajectory. */
interface Piece {
  readonly episode: number;
  readonly from: number;
}

/** @returns what was found, in sentences. @throws UserError where the set or the mapping does not fit */
export async function importLerobot({ dir, mapping, out, latents }: ImportOptions): Promise<string[]> {
  const set = await openLerobot(dir);
  checkMapping(mapping, set.info);
  const all = Array.from({ length: set.episodes }, (_, episode) => episode);
  const usable = all.filter((episode) => set.lengthOf(episode) >= framesOf(latents));
  if (usable.length < FEWEST_EPISODES)
    throw new UserError(
      `${usable.length} of ${set.episodes} episodes in ${dir} have the ${framesOf(latents)} frames of ${latents} latents`,
      `give ${FEWEST_EPISODES} such episodes or more, or ask for shorter pieces: --latents`,
    );
  const origin = sha256(JSON.stringify([set.info, all.map(set.lengthOf), mapping]));
  const notes: string[] = [];
  if (usable.length < all.length)
    notes.push(`${all.length - usable.length} episodes are shorter than ${framesOf(latents)} frames and left out`);
  const motions = new Map<number, Recorded>();
  for (const episode of usable) motions.set(episode, await recorded(set, mapping, episode));
  notes.push(...doubts([...motions.values()].flatMap(({ motions: own }) => own)));
  for (const { split, turns, short } of DEALT) {
    const own = usable.filter((_, i) => turns.includes(i % 10));
    const length = short ? Math.min(SHORT, latents) : latents;
    const pieces = piecesOf(set, own, length).slice(0, MOST[split]);
    const release = ownFolder(join(out, split), "the making of a data set");
    try {
      await writeSplit(set, mapping, join(out, split), { split, latents: length, origin, pieces, motions });
    } finally {
      release();
    }
    notes.push(`${split}: ${pieces.length} trajectories of ${length} latents from ${own.length} episodes`);
  }
  return notes;
}

interface Recorded {
  readonly motions: readonly FrameMotion[];
  readonly poses: readonly Pose[];
}

async function recorded(set: LerobotSet, mapping: Mapping, episode: number): Promise<Recorded> {
  const feature = (mapping.discrete ?? mapping.continuous)?.feature as string;
  const pose = mapping.pose?.feature;
  const numbers = await set.numbers(episode, [...new Set([feature, ...(pose ? [pose] : [])])]);
  const motions = motionsOf(mapping, numbers[feature], `episode ${episode}`);
  const { step } = mappedWorld(mapping, { width: WIDTH, height: HEIGHT });
  const poses = pose
    ? numbers[pose].map(([x, z, yaw, pitch]) => ({ x, z, yaw, pitch }))
    : posesFrom({ x: 0, z: 0, yaw: 0, pitch: 0 }, motions.slice(0, -1), step);
  return { motions, poses };
}

function doubts(motions: readonly FrameMotion[]): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const [mixed, far] = [mixedShare(motions), farShare(motions)];
  return [
    ...(mixed > 0
      ? [`${percent(mixed)} of latents change their motion within four frames, and are labelled by its mean`]
      : []),
    ...(far > 0
      ? [`${percent(far)} of frames move farther than 1.5 steps, which no action says: are the steps too small?`]
      : []),
  ];
}

function piecesOf(set: LerobotSet, episodes: readonly number[], latents: number): Piece[] {
  const frames = framesOf(latents);
  return episodes.flatMap((episode) =>
    Array.from({ length: Math.floor(set.lengthOf(episode) / frames) }, (_, i) => ({ episode, from: i * frames })),
  );
}

interface SplitJob {
  readonly split: Split;
  readonly latents: number;
  readonly origin: string;
  readonly pieces: readonly Piece[];
  readonly motions: ReadonlyMap<number, Recorded>;
}

async function writeSplit(set: LerobotSet, mapping: Mapping, dir: string, job: SplitJob): Promise<void> {
  const { split, latents, origin, pieces, motions } = job;
  const size = { width: WIDTH, height: HEIGHT };
  const description: DatasetDescription = {
    ...{ format: FORMAT, world: mappedWorld(mapping, size), split, seed: 0, latents, origin },
    ...{ trajectories: pieces.length, trajectoriesPerShard: PER_SHARD },
    // Nothing was planned.
    recipe: { ...RECIPES[split], commands: [] },
  };
  const found = findManifest(dir);
  if (found && JSON.stringify(found.description) !== JSON.stringify(description))
    throw new UserError(`${dir} holds a data set of another description`, "choose another folder, or delete this one");
  const shards: ShardEntry[] = [...(found?.shards ?? [])];
  const progress = new Progress(`import ${split}`, pieces.length, shards.length * PER_SHARD, { unit: "trajectories" });
  let last: { episode: number; frames: Uint8Array } | undefined;
  const framesOfPiece = async ({ episode, from }: Piece): Promise<Uint8Array> => {
    if (last?.episode !== episode) last = { episode, frames: await set.frames(episode, mapping.pictures, size) };
    const bytes = 3 * WIDTH * HEIGHT;
    return last.frames.subarray(from * bytes, (from + framesOf(latents)) * bytes);
  };
  const threshold = mapping.continuous?.threshold ?? 0.5;
  const planOf = ({ episode, from }: Piece): Trajectory => {
    const { motions: all, poses } = motions.get(episode) as Recorded;
    const own = all.slice(from, from + framesOf(latents) - 1);
    return { actions: latentActions(own, threshold), poses: poses.slice(from, from + framesOf(latents)) };
  };
  for (let shard = shards.length; shard < shardsOf(description); shard++) {
    const indices = trajectoriesOf(description, shard);
    const own = indices.map((i) => pieces[i]);
    const frames: Uint8Array[] = [];
    for (const piece of own) frames.push(encodeFrames(await framesOfPiece(piece)));
    const levelSeeds = own.map(({ episode }) => episode);
    shards.push(storeShard(dir, shard, { indices, plans: own.map(planOf), frames, levelSeeds }));
    writeManifest(dir, { description, shards });
    progress.advance(own.length);
  }
  progress.finish();
}
