/** Our world model as a `WorldModel`: cached context, Euler sampling, reconstituted memory. */
import * as tf from "@tensorflow/tfjs-core";
import type { Pose } from "../../world/index.ts";
import type { Params } from "../nn/params.ts";
import type { KeyValue } from "./attention.ts";
import { addNoise, clipBatch, type HostClip } from "./batch.ts";
import { assembleContext } from "./cache.ts";
import { type Codec, checkCodec, motionOfClip, withCarried } from "./carried.ts";
import { checkActions, checkClips, checkNoises, checkStarts } from "./checks.ts";
import { type ClipCondition, clipCondition, type LatentPath } from "./condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, CONTEXT_SIGMA, type ModelConfig, NO_ACTION } from "./config.ts";
import type { ClipBatch, RawCache } from "./dit.ts";
import { latentSigmas, movingMask, withFirst } from "./first-latent.ts";
import {
  type Context,
  contextOf,
  type Look,
  looksAt,
  MEMORY_DEFAULTS,
  type MemoryOptions,
  type Remembered,
  recall,
  rememberable,
} from "./memory.ts";
import { possiblePaths } from "./motions.ts";
import { compiledNetwork, type Network, plainNetwork } from "./network.ts";
import { integrate, SAMPLER_DEFAULTS, type SamplerConfig } from "./sampler.ts";
import type { Renoised, Rollout, Start, WorldModel } from "./worldModel.ts";

/** Switches for ablations; everything is on by default. */
export interface GenerationOptions {
  sampler: SamplerConfig;
  memory: MemoryOptions;
  /** Tell the model the discrete action class. */
  discreteAction: boolean;
  /** Tell the model the continuous camera motion (features and projective encoding). */
  continuousAction: boolean;
  /** Decodes pictures for models that carry them along. */
  codec?: Codec;
  /** Compile the network: for videos of more than a few clips. */
  compiled: boolean;
  /** Keep keys and values of finished clips; otherwise they are computed again for every clip (same result). */
  cache: boolean;
}

export const GENERATION_DEFAULTS: GenerationOptions = {
  sampler: SAMPLER_DEFAULTS,
  memory: MEMORY_DEFAULTS,
  discreteAction: true,
  continuousAction: true,
  compiled: false,
  cache: true,
};

export function makeWorldModel(
  params: Params,
  config: ModelConfig,
  options: Partial<GenerationOptions> = {},
): WorldModel {
  checkCodec(config, options.codec);
  return { begin: (starts) => new DitRollout(params, config, { ...GENERATION_DEFAULTS, ...options }, starts) };
}

const CONTEXT_SIGMAS = new Float32Array(CLIP_LATENTS).fill(CONTEXT_SIGMA);
const FIRST_SIZE = CLIP_SIZE / CLIP_LATENTS;
const LAST_LATENT = CLIP_SIZE - FIRST_SIZE;

/** What the next clip will be told: for each video the commanded path, its context and what it is shown. */
interface Target {
  paths: LatentPath[][];
  contexts: Context[];
  /** Without tokens. */
  shown: HostClip[];
}

/** Stands for the tokens of a clip that is not made yet. */
const UNMADE = new Float32Array(CLIP_SIZE);

/** The way of the camera that a finished clip shows: of the possible ones the likeliest, or the commanded one. */
function pathShown(tokens: Float32Array, { condition, carried }: HostClip): LatentPath[] {
  return [...condition.possible[carried ? motionOfClip(tokens, carried) : 0]];
}

class DitRollout implements Rollout {
  readonly count: number;
  private readonly params: Params;
  private readonly config: ModelConfig;
  private readonly options: GenerationOptions;
  private readonly network: Network;
  private readonly starts: readonly Start[];
  /** Per video and clip. */
  private readonly tokens: Float32Array[][];
  private readonly ways: LatentPath[][][];
  /** What is told of the next clip, once asked for. */
  private next?: { actions: readonly ArrayLike<number>[]; target: Target };
  private readonly actions: ArrayLike<number>[][];
  /** Per clip, over all videos. */
  private readonly caches: RawCache[] = [];

  constructor(params: Params, config: ModelConfig, options: GenerationOptions, starts: readonly Start[]) {
    checkStarts(starts, options.sampler);
    this.count = starts.length;
    this.params = params;
    this.config = config;
    this.options = options;
    this.network = options.compiled ? compiledNetwork(config) : plainNetwork(config);
    this.starts = starts;
    this.tokens = starts.map(() => []);
    this.ways = starts.map(() => []);
    this.actions = starts.map(() => []);
  }

  get length(): number {
    return this.tokens[0].length;
  }

  clips(i: number): readonly Float32Array[] {
    return this.tokens[i];
  }

  paths(i: number): readonly (readonly LatentPath[])[] {
    return this.ways[i];
  }

  propose(actions: readonly ArrayLike<number>[], noises: readonly Float32Array[], renoised?: Renoised): Float32Array[] {
    checkNoises(noises, this.count);
    if (renoised) checkClips(renoised.clips, noises.length);
    const repeat = noises.length / this.count;
    const target = this.target(actions);
    const context = assembleContext(this.contextCaches(), target.contexts, this.pathsWith(target.paths), repeat);
    const shown = noises.map((_, i) => target.shown[Math.floor(i / repeat)]);
    const clips = this.sample(startsOf(noises, renoised), shown, context, renoised?.sigma);
    for (const { k, v } of context) tf.dispose([k, v]);
    return clips;
  }

  append(
    actions: readonly ArrayLike<number>[],
    clips: readonly Float32Array[],
    ways?: readonly (readonly LatentPath[])[],
  ): void {
    checkClips(clips, this.count);
    const { shown } = this.target(actions);
    const paths = ways ? ways.map((way) => [...way]) : shown.map((video, i) => pathShown(clips[i], video));
    const sources = clips.map((tokens, i): HostClip => {
      return { tokens, sigma: CONTEXT_SIGMAS, condition: this.condition(paths[i], actions[i], 0) };
    });
    if (this.options.cache) this.caches.push(this.encode(sources));
    this.next = undefined;
    clips.forEach((clip, i) => {
      this.tokens[i].push(clip);
      this.ways[i].push(paths[i]);
      this.actions[i].push(actions[i]);
    });
  }

  dispose(): void {
    for (const cache of this.caches.splice(0)) disposeCache(cache);
  }

  private target(actions: readonly ArrayLike<number>[]): Target {
    checkActions(actions, this.count);
    if (this.next?.actions !== actions) this.next = { actions, target: this.makeTarget(actions) };
    return this.next.target;
  }

  private makeTarget(actions: readonly ArrayLike<number>[]): Target {
    const n = this.length;
    const possible = actions.map((four, i) => possiblePaths(this.endPose(i), four, n === 0, this.starts[i].speed));
    const paths = possible.map(([commanded]) => commanded);
    const contexts = paths.map((path, i) => contextOf(n, [...this.ways[i], path], this.options.memory));
    const clips = paths.map((path, i): HostClip => {
      const condition = this.condition(path, actions[i], contexts[i].time, possible[i]);
      const remembered = this.remember(i, contexts[i], condition);
      const previous = this.tokens[i].at(-1)?.subarray(LAST_LATENT) ?? this.starts[i].latent;
      const looks = this.looks(i, contexts[i], condition);
      return { tokens: UNMADE, sigma: CONTEXT_SIGMAS, condition, remembered, previous, looks };
    });
    const { codec } = this.options;
    return { paths, contexts, shown: this.config.carried && codec ? withCarried(clips, codec) : clips };
  }

  /** What is remembered in detail; nothing where retrieval is switched off. */
  private remember(i: number, context: Context, { cameras }: ClipCondition): Remembered | undefined {
    if (!this.options.memory.retrieval) return undefined;
    const candidates = rememberable(context, this.ways[i], (clip) => this.tokens[i][clip]);
    return recall(cameras[CLIP_LATENTS], candidates);
  }

  /** What is carried along; without retrieval the last picture alone. */
  private looks(i: number, context: Context, { cameras }: ClipCondition): Look[] {
    if (this.length === 0) return [{ tokens: this.starts[i].latent, pose: this.starts[i].pose }];
    const all = looksAt(context, this.ways[i], (clip) => this.tokens[i][clip], cameras[CLIP_LATENTS]);
    return this.options.memory.retrieval ? all : all.slice(-1);
  }

  private endPose(i: number): Pose {
    return this.ways[i].at(-1)?.at(-1)?.end ?? this.starts[i].pose;
  }

  private pathsWith(next: LatentPath[][]): LatentPath[][][] {
    return this.ways.map((done, i) => [...done, next[i]]);
  }

  /** The condition of a clip, with the ablated parts left out. */
  private condition(
    path: LatentPath[],
    actions: ArrayLike<number>,
    time: number,
    possible: LatentPath[][] = [path],
  ): ClipCondition {
    const { discreteAction, continuousAction } = this.options;
    const told = discreteAction ? actions : new Array<number>(CLIP_LATENTS).fill(NO_ACTION);
    if (continuousAction) return clipCondition(path, told, time, possible);
    const still = path.map(() => ({ start: path[0].start, view: path[0].start, end: path[0].start }));
    return clipCondition(
      still,
      told,
      time,
      possible.map(() => still),
    );
  }

  private encode(clips: readonly HostClip[]): RawCache {
    const batch = clipBatch(clips, 1);
    const cache = this.network.encode(this.params, batch);
    tf.dispose(Object.values(batch));
    return cache;
  }

  /** The caches, or without caching all clips encoded anew. */
  private contextCaches(): RawCache[] {
    if (this.options.cache) return this.caches;
    this.dispose();
    for (let clip = 0; clip < this.length; clip++) {
      const sources = this.tokens.map((tokens, i): HostClip => {
        const condition = this.condition(this.ways[i][clip], this.actions[i][clip], 0);
        return { tokens: tokens[clip], sigma: CONTEXT_SIGMAS, condition };
      });
      this.caches.push(this.encode(sources));
    }
    return this.caches;
  }

  private sample(
    noises: readonly Float32Array[],
    shown: readonly HostClip[],
    context: KeyValue[],
    sigma?: number,
  ): Float32Array[] {
    const first = this.length === 0;
    const clips = noises.map((noise, i): HostClip => {
      return { ...shown[i], tokens: first ? withFirst(noise, shown[i].previous as Float32Array) : noise };
    });
    const batch = clipBatch(clips, 1);
    const moving = tf.tidy(() => movingMask(first));
    const velocity = (x: tf.Tensor, level: number): tf.Tensor => {
      const row = tf.tensor(latentSigmas(level, first), [1, CLIP_LATENTS]);
      const target: ClipBatch = { ...batch, tokens: x, sigma: tf.tile(row, [noises.length, 1]) };
      return tf.mul(this.network.velocity(this.params, target, context), moving);
    };
    const result = integrate(velocity, batch.tokens, this.options.sampler, sigma);
    const values = result.dataSync() as Float32Array;
    tf.dispose([Object.values(batch), moving, result]);
    return noises.map((_, i) => values.slice(i * CLIP_SIZE, (i + 1) * CLIP_SIZE));
  }
}

const disposeCache = (cache: RawCache): void => tf.dispose(cache.map(({ k, v }) => [k, v]));

/** What is denoised: the noises themselves, or given clips mixed with them. */
function startsOf(noises: readonly Float32Array[], renoised?: Renoised): readonly Float32Array[] {
  if (!renoised) return noises;
  const sigmas = new Float32Array(CLIP_LATENTS).fill(renoised.sigma);
  return noises.map((noise, i) => addNoise(renoised.clips[i], noise, sigmas));
}
