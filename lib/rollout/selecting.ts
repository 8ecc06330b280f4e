/**
 * What rewards give without any training: a sampler that makes several candidates of each clip and goes on with the best. A
 * control for post-training, which learns from the same candidates and the same scores.
 */
import type { Clip, Rollout, Start, WorldModel } from "../model/worldModel.ts";
import { scoresOf } from "../rewards/check.ts";
import type { History, RewardInput, Scoring } from "../rewards/reward.ts";
import { joinBytes } from "../util/arrays.ts";
import { once } from "../util/once.ts";
import type { Rng } from "../util/rng.ts";
import { trajectoryOf } from "../world/motion.ts";
import type { Exploration } from "./explore.ts";
import { COPIES, rewardInput } from "./group.ts";

/** How a sampler selects: by which reward, among how many candidates, and how these differ. */
export interface Selection {
  /** What is best. */
  readonly reward: Scoring;
  /** Candidates of each clip. */
  readonly branches: number;
  /** How they differ. */
  readonly explore: Exploration;
}

/** Keys of random streams are whole numbers up to this. */
const KEYS = 2 ** 31;

/**
 * The same model with a sampler that selects.
 * @example
 * ```ts
 * import { exploration, generateVideos, openWorld, prompt, selecting, untrainedModel } from "worldcompass";
 * const world = await openWorld("courtyard");
 * const model = await untrainedModel(world, { width: 32, depth: 1, cellWidth: 8, cellDepth: 1 });
 * const reward = { name: "bright", score: (clips) => clips.map(({ frames }) => frames[frames.length - 1]) };
 * const explore = exploration({ eta: 0, guidance: [1], perturbed: 0 });
 * const [video] = await generateVideos(selecting(model, { reward, branches: 2, explore }), [await prompt(world, "w-3")]);
 * console.log(video.length / (48 * 80 * 3)); // => 13
 * ```
 */
export function selecting(model: WorldModel, selection: Selection): WorldModel {
  const { camera, step } = model;
  return {
    camera,
    step,
    decode: (clips) => model.decode(clips),
    reset: async (starts) => new SelectingRollout(model, await model.reset(starts), starts, selection),
  };
}

class SelectingRollout implements Rollout {
  private readonly model: WorldModel;
  private readonly own: Rollout;
  private readonly starts: readonly Start[];
  private readonly selection: Selection;

  constructor(model: WorldModel, own: Rollout, starts: readonly Start[], selection: Selection) {
    this.model = model;
    this.own = own;
    this.starts = starts;
    this.selection = selection;
  }

  get count(): number {
    return this.own.count;
  }
  get length(): number {
    return this.own.length;
  }
  sample: Rollout["sample"] = (actions, candidates) => this.own.sample(actions, candidates);
  append: Rollout["append"] = (actions, clips) => this.own.append(actions, clips);
  clips = (i: number): readonly Clip[] => this.own.clips(i);
  poses: Rollout["poses"] = (i) => this.own.poses(i);
  frames = (i: number): Uint8Array => this.own.frames(i);
  dispose = (): void => this.own.dispose();

  async step(actions: readonly ArrayLike<number>[], rngs: readonly Rng[]): Promise<Clip[]> {
    const { reward, branches, explore } = this.selection;
    const candidates = await this.own.sample(
      actions,
      actions.map((four, i) => explore(four, branches, ["selected", rngs[i].int(KEYS)])),
    );
    const frames = this.model.decode(candidates.flat());
    const inputs = frames.map((own, n) => this.inputOf(Math.floor(n / branches), actions, own));
    const scores = await scoresOf(
      reward,
      inputs,
      (n) => `video ${Math.floor(n / branches)}, candidate ${n % branches}`,
    );
    const best = candidates.map((own, i) => {
      const theirs = scores.slice(i * branches, (i + 1) * branches);
      return own[theirs.indexOf(Math.max(...theirs))];
    });
    await this.own.append(actions, best);
    return best;
  }

  private inputOf(i: number, actions: readonly ArrayLike<number>[], frames: Uint8Array): RewardInput {
    const { frame: first, scale } = this.starts[i];
    if (this.length === 0) return rewardInput(frames, first, actions[i]);
    const poses = this.poses(i);
    const upcoming = trajectoryOf(
      poses[poses.length - 1],
      [0, ...Array.from(actions[i])],
      this.model.step,
      scale,
    ).slice(1);
    const before = [...this.clips(i)];
    // Of these clips, though the video may have grown when they are asked for.
    const beginning = (): Uint8Array => joinBytes(this.model.decode(before)).subarray(COPIES * first.length);
    const history: History = { poses, upcoming, frames: once(beginning) };
    const [decoded] = this.model.decode(before.slice(-1));
    return rewardInput(frames, first, actions[i], { last: decoded.subarray(decoded.length - first.length), history });
  }
}
