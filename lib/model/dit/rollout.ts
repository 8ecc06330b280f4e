/** Videos that a diffusion transformer lets grow: cached context, one sampler for single clips and groups of candidates. */
import { UserError } from "../../util/errors.ts";
import type { Rng } from "../../util/rng.ts";
import type { Pose } from "../../world/camera.ts";
import { trajectoryOf } from "../../world/motion.ts";
import { CLIP_LATENTS, NO_ACTION } from "../clip.ts";
import { type CameraTrajectory, type Context, commandedTrajectory, contextOf, type MemoryOptions } from "../context.ts";
import type { DepthReader } from "../memory/recall.ts";
import type { Params } from "../nn/params.ts";
import type { SamplerConfig } from "../sampler.ts";
import type { Candidate, Clip, Conditioning, Rollout, Start } from "../worldModel.ts";
import { CONTEXT_SIGMAS, clipBatch, disposeClips, type HostClip, lastLatent } from "./batch.ts";
import { assembleContext, disposeCache } from "./cache.ts";
import { checkActions, checkCandidates, checkClips, checkStarts } from "./checks.ts";
import type { Network } from "./compiled.ts";
import { clipSize, type DitConfig } from "./config.ts";
import type { RawCache } from "./network.ts";
import { type Codec, Recollection } from "./recollection.ts";
import { type SampleRow, sampleRows } from "./sample.ts";

/** Switches for ablations; everything is on by default. */
export interface GenerationOptions {
  readonly sampler: SamplerConfig;
  readonly memory: MemoryOptions;
  /** Weight of action guidance of candidates that say none; 1 is none. */
  readonly guidance: number;
  /** Tell the model the discrete action class. */
  readonly discreteAction: boolean;
  /** Tell the model the continuous camera motion (features and ray encoding). */
  readonly continuousAction: boolean;
  /** Reads the depths that let what was seen be recalled from elsewhere; for models that were trained with it. Default: none. */
  readonly recall?: DepthReader;
}

/** What a rollout runs on. */
export interface Policy extends Codec {
  readonly params: Params;
  readonly config: DitConfig;
  readonly network: Network;
}

/** A clip's conditions as they are trained on. */
export interface DitConditioning extends Conditioning {
  readonly context: readonly HostClip[];
  /** Without latents. */
  readonly target: HostClip;
}

/** What the next clip is conditioned on. */
interface Target {
  readonly path: CameraTrajectory;
  readonly context: Context;
  readonly previous: Float32Array;
}

const NOTHING = new Array<number>(CLIP_LATENTS).fill(NO_ACTION);
const STILL = new Array<number>(CLIP_LATENTS).fill(0);
/** What the videos recall before a clip, and its keys and values. */
interface Recalled {
  readonly clips: readonly HostClip[];
  readonly cache: RawCache;
}

/** The latents of a clip that is not made yet. */
const NONE = new Float32Array(0);

export class DitRollout implements Rollout {
  readonly count: number;
  private readonly policy: Policy;
  private readonly options: GenerationOptions;
  private readonly starts: readonly Start[];
  /** Latents of the given pictures. */
  private readonly given: readonly Float32Array[];
  /** Per video and clip. */
  private readonly made: Clip[][];
  private readonly paths: CameraTrajectory[][];
  private readonly commanded: ArrayLike<number>[][];
  /** Per clip, over all videos. */
  private readonly caches: RawCache[] = [];
  private readonly recollection?: Recollection;
  /** Before the next clip, once it is asked for. */
  private recalledNow?: Recalled;

  constructor(policy: Policy, options: GenerationOptions, starts: readonly Start[]) {
    checkStarts(starts, policy.config);
    this.policy = policy;
    this.options = options;
    this.starts = starts;
    this.count = starts.length;
    this.given = policy.encode(starts.map(({ frame }) => frame));
    this.made = starts.map(() => []);
    this.paths = starts.map(() => []);
    this.commanded = starts.map(() => []);
    if (options.recall) this.recollection = new Recollection(policy, options.recall, policy.config, starts);
  }

  get length(): number {
    return this.caches.length;
  }

  clips(i: number): readonly Clip[] {
    return this.made[i];
  }

  async sample(
    actions: readonly ArrayLike<number>[],
    candidates: readonly (readonly Candidate[])[],
  ): Promise<Clip[][]> {
    checkActions(actions, this.count);
    checkCandidates(candidates, this.count, this.policy.config);
    const targets = actions.map((four, i) => this.target(four, i));
    const repeat = candidates[0].length;
    const recalled = this.recalled();
    const context = assembleContext(
      recalled ? [...this.caches, recalled.cache] : this.caches,
      targets.map((target) => target.context),
      this.paths.map((paths, i) => (recalled ? [...paths, recalled.clips[i].path] : paths)),
      repeat,
      this.policy.config,
    );
    const rows = candidates.flatMap((own, i) => own.map((candidate) => this.row(targets[i], actions[i], candidate, i)));
    const clips = sampleRows(this.policy, this.options.sampler, rows, context, this.length === 0);
    disposeCache(context);
    return candidates.map((own, i) => clips.slice(i * repeat, i * repeat + own.length));
  }

  async append(actions: readonly ArrayLike<number>[], clips: readonly Clip[]): Promise<void> {
    checkActions(actions, this.count);
    checkClips(clips, this.count, this.policy.config);
    const finished = clips.map(({ latents }, i): HostClip => {
      const path = this.pathOf(actions[i], i);
      return { latents, sigma: CONTEXT_SIGMAS, ...this.commands(path, actions[i]), time: 0 };
    });
    const batch = clipBatch(finished, 1, this.policy.config);
    const cache = this.policy.network.encode(this.policy.params, batch);
    disposeClips(batch);
    this.forgetRecalled();
    this.caches.push(cache);
    for (const [i, clip] of clips.entries()) {
      // The camera is taken to have done what was commanded.
      this.paths[i].push(commandedTrajectory(this.endPose(i), actions[i], this.policy.config.step, this.stepping(i)));
      this.made[i].push(clip);
      this.commanded[i].push(actions[i]);
    }
    const paths = this.paths.map((own) => own[own.length - 1]);
    this.recollection?.add(clips, paths, this.length === 1);
  }

  async step(actions: readonly ArrayLike<number>[], rngs: readonly Rng[]): Promise<Clip[]> {
    const groups = await this.sample(
      actions,
      rngs.map((rng) => [{ rng }]),
    );
    const clips = groups.map(([clip]) => clip);
    await this.append(actions, clips);
    return clips;
  }

  poses(i: number): readonly Pose[] {
    const all = this.commanded[i].flatMap((four) => Array.from(four));
    return trajectoryOf(this.starts[i].pose, all, this.policy.config.step, this.starts[i].scale);
  }

  frames(i: number): Uint8Array {
    const { width, height } = this.policy.config.camera;
    const bytes = width * height * 3;
    const clips = this.policy.decode(this.made[i]);
    // A video's first latent is one picture; its decoding has three copies before it.
    const parts = clips.map((clip, n) => (n === 0 ? clip.subarray(3 * bytes) : clip));
    return Buffer.concat(parts);
  }

  dispose(): void {
    for (const cache of this.caches.splice(0)) disposeCache(cache);
    this.forgetRecalled();
  }

  /** What each video recalls before its next clip; nothing before the first. */
  recalled(): Recalled | undefined {
    if (!this.recollection || this.length === 0) return undefined;
    if (!this.recalledNow) {
      const clips = this.starts.map((_, i) => (this.recollection as Recollection).clip(i, this.endPose(i)));
      const batch = clipBatch(clips, 1, this.policy.config);
      this.recalledNow = { clips, cache: this.policy.network.encode(this.policy.params, batch) };
      disposeClips(batch);
    }
    return this.recalledNow;
  }

  /** A clip's worth of zeros. */
  nothing(): Float32Array {
    return new Float32Array(clipSize(this.policy.config.latent));
  }

  private forgetRecalled(): void {
    if (this.recalledNow) disposeCache(this.recalledNow.cache);
    this.recalledNow = undefined;
  }

  /** What the next clip of each video is conditioned on, with the clips that it looks at. */
  conditions(actions: readonly ArrayLike<number>[]): DitConditioning[] {
    checkActions(actions, this.count);
    return actions.map((four, i) => {
      const { path, context, previous } = this.target(four, i);
      const recalled = this.recalled();
      const seen = context.slots.map(({ clip, time }): HostClip => {
        if (clip === this.length) return { ...(recalled as Recalled).clips[i], time };
        const { latents } = this.made[i][clip];
        return { latents, sigma: CONTEXT_SIGMAS, time, ...this.commands(this.paths[i][clip], this.commanded[i][clip]) };
      });
      const target = {
        latents: NONE,
        sigma: CONTEXT_SIGMAS,
        time: context.time,
        previous,
        ...this.commands(path, four),
      };
      return { first: this.length === 0, context: seen, target };
    });
  }

  private endPose(i: number): Pose {
    return this.paths[i].at(-1)?.at(-1)?.end ?? this.starts[i].pose;
  }

  private stepping(i: number): { first: boolean; scale?: number } {
    return { first: this.made[i].length === 0, scale: this.starts[i].scale };
  }

  private pathOf(actions: ArrayLike<number>, i: number): CameraTrajectory {
    return commandedTrajectory(this.endPose(i), actions, this.policy.config.step, this.stepping(i));
  }

  private target(actions: ArrayLike<number>, i: number): Target {
    const path = this.pathOf(actions, i);
    const { camera, step } = this.policy.config;
    const memory = { ...this.options.memory, recall: this.recollection !== undefined };
    const context = contextOf(this.length, [...this.paths[i], path], camera, step, memory);
    const before = this.made[i].at(-1);
    return { path, context, previous: before ? lastLatent(before.latents, this.policy.config) : this.given[i] };
  }

  /** What the model is shown of a clip, with the ablated parts left out. */
  private commands(path: CameraTrajectory, actions: ArrayLike<number>): Pick<HostClip, "path" | "actions"> {
    const { start } = path[0];
    const still = path.map(() => ({ start, view: start, end: start }));
    return {
      path: this.options.continuousAction ? path : still,
      actions: this.options.discreteAction ? actions : NOTHING,
    };
  }

  private row({ context, previous }: Target, actions: ArrayLike<number>, candidate: Candidate, i: number): SampleRow {
    const { rng, actions: shown = actions, guidance = this.options.guidance, eta = 0, from } = candidate;
    const { config } = this.policy;
    const shared = { latents: NONE, sigma: CONTEXT_SIGMAS, time: context.time, previous };
    return {
      clip: { ...shared, ...this.commands(this.pathOf(shown, i), shown) },
      unconditional: { ...shared, ...this.commands(this.pathOf(STILL, i), NOTHING) },
      noise: rng.normals(clipSize(config.latent)),
      rng,
      guidance,
      eta,
      from: from && { latents: from.clip.latents, sigma: from.sigma },
    };
  }
}

/**
 * The latents of what each video recalls before its next clip; empty before the first.
 * @throws UserError where these are videos of another kind of model
 */
export function recalledOf(rollout: Rollout): Float32Array[] {
  if (!(rollout instanceof DitRollout))
    throw new UserError("these videos recall nothing", "give those of a transformer");
  const clips = rollout.recalled()?.clips;
  return Array.from({ length: rollout.count }, (_, i) => clips?.[i].latents ?? rollout.nothing());
}
