/** Candidates of one clip of many videos, sampled together; each may have its own actions, guidance and noise. */
import * as tf from "@tensorflow/tfjs-core";
import type { KeyValue } from "../model/legacy/attention.ts";
import { clipBatch, type HostClip } from "../model/legacy/batch.ts";
import { type Codec, checkCodec, withCarried } from "../model/legacy/carried.ts";
import { type ClipCondition, clipCondition } from "../model/legacy/condition.ts";
import { CLIP_LATENTS, CLIP_SIZE, CLIP_TOKENS, type ModelConfig, NO_ACTION } from "../model/legacy/config.ts";
import { type ClipBatch, velocityWithCache } from "../model/legacy/dit.ts";
import { latentSigmas, movingMask } from "../model/legacy/first-latent.ts";
import { possiblePaths } from "../model/legacy/motions.ts";
import { type SamplerConfig, sigmaSchedule } from "../model/legacy/sampler.ts";
import type { Params } from "../model/nn/params.ts";
import { compile } from "../runtime/backend/compile.ts";
import type { Rng } from "../util/rng.ts";
import type { Manner } from "./exploration.ts";
import {
  type ContextTensors,
  conditionIn,
  contextKeys,
  contextTensors,
  picturesIn,
  type Situation,
} from "./situation.ts";
import { type Transition, transitionOf } from "./transition.ts";

/** The candidates of one video's next clip. */
export interface Group {
  readonly situation: Situation;
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly manner: Manner;
  /** Standard normal, [60 * 128]. */
  readonly noise: Float32Array;
  /** Fresh noise of a stochastic sampler. */
  readonly rng: Rng;
}

/** One stochastic step of the sampler, as it went. */
export interface Step extends Transition {
  readonly sigma: number;
  readonly from: Float32Array;
  readonly to: Float32Array;
}

export interface Sampled {
  /** [60 * 128] */
  readonly tokens: Float32Array;
  /** The steps that had fresh noise. */
  readonly steps: readonly Step[];
}

export interface ClipSampler {
  /** Samples of each group's candidates; the groups must have equally many context clips. */
  sample(params: Params, groups: readonly Group[]): Sampled[][];
  dispose(): void;
}

/** Context lengths and guidance give this many signatures of the compiled step. */
const SIGNATURES = 12;

interface StepInputs {
  x: tf.Tensor;
  /** [R, 4] */
  sigma: tf.Tensor;
  /** Coefficients of the transition, [R, 1, 1] each. */
  fromX: tf.Tensor;
  fromV: tf.Tensor;
  std: tf.Tensor;
  noise: tf.Tensor;
  /** [1, 60, 1]: 0 on the tokens of a given first latent. */
  moving: tf.Tensor;
}

type Told = Omit<ClipBatch, "tokens" | "sigma">;

/** The unconditional branch of guidance: what is told, and each row's weight [R, 1, 1]. */
interface Guidance {
  told: Told;
  weight: tf.Tensor;
}

/**
 * @param etaShare the first steps to which a candidate's eta applies
 * @param codec for models that carry pictures along
 */
export function makeClipSampler(
  config: ModelConfig,
  sampler: SamplerConfig,
  etaShare: number,
  codec?: Codec,
): ClipSampler {
  checkCodec(config, codec);
  const encode = compile(
    (p: Params, contexts: ContextTensors[], rowOf: tf.Tensor) => contextKeys(p, config, contexts, rowOf),
    { name: "context", signatures: SIGNATURES },
  );
  const advance = compile(
    (p: Params, told: Told, keys: KeyValue[], inputs: StepInputs, guidance: Guidance[]): tf.Tensor => {
      const { x, sigma, fromX, fromV, std, noise, moving } = inputs;
      let v = velocityWithCache(p, config, { ...told, tokens: x, sigma }, keys);
      for (const { told: free, weight } of guidance) {
        const unguided = velocityWithCache(p, config, { ...free, tokens: x, sigma }, keys);
        v = tf.add(unguided, tf.mul(weight, tf.sub(v, unguided)));
      }
      const change = tf.addN([tf.mul(x, tf.sub(fromX, 1)), tf.mul(fromV, v), tf.mul(std, noise)]);
      return tf.add(x, tf.mul(change, moving));
    },
    { name: "sampler step", signatures: SIGNATURES },
  );
  const sample = (params: Params, groups: readonly Group[]): Sampled[][] => {
    const rows = groups.flatMap((group) => group.candidates.map((candidate) => ({ group, candidate })));
    const { contexts, rowOf } = contextRows(groups);
    const keys = contexts.length === 0 ? [] : encode(params, contexts, rowOf);
    const { tokens, told, guidance, moving } = rowTensors(rows, codec);
    const trace = new Trace(rows, sampler, etaShare);
    let x = tokens;
    for (let i = 0; i < sampler.steps; i++) {
      const inputs = { x, moving, ...trace.inputs(i) };
      const next = advance(params, told, keys, inputs, guidance);
      tf.dispose(Object.values(inputs).filter((t) => t !== moving && t !== x));
      trace.record(i, x, next);
      x.dispose();
      x = next;
    }
    const values = x.dataSync() as Float32Array;
    tf.dispose([x, moving, rowOf, Object.values(told)]);
    tf.dispose(guidance.flatMap((g) => [g.weight, ...Object.values(g.told)]));
    tf.dispose(contexts.flatMap((c) => [c.angles, ...Object.values(c.clips)]));
    tf.dispose(keys.flatMap(({ k, v }) => [k, v]));
    return regroup(groups, trace.finish(values));
  };
  const dispose = (): void => {
    encode.dispose();
    advance.dispose();
  };
  return { sample, dispose };
}

interface Row {
  group: Group;
  candidate: Candidate;
}

function contextRows(groups: readonly Group[]): { contexts: ContextTensors[]; rowOf: tf.Tensor } {
  const rowOf = groups.flatMap(({ candidates }, i) => candidates.map(() => i));
  return { contexts: contextTensors(groups.map((g) => g.situation)), rowOf: tf.tensor1d(rowOf, "int32") };
}

const NOTHING = new Array<number>(CLIP_LATENTS).fill(NO_ACTION);
const STILL = new Array<number>(CLIP_LATENTS).fill(0);

function rowTensors(rows: readonly Row[], codec?: Codec) {
  const carried = (clips: HostClip[]): HostClip[] => (codec ? withCarried(clips, codec) : clips);
  const conditions = conditionsOf(rows);
  const { first } = rows[0].group.situation;
  const clips = rows.map(({ group, candidate }, i): HostClip => {
    const pictures = picturesIn(group.situation, conditions[i], candidate.manner.forgets);
    const tokens = candidate.noise.slice();
    if (first) tokens.set(pictures.previous);
    return { tokens, sigma: STILL, condition: conditions[i], ...pictures };
  });
  const { tokens, sigma, ...told } = clipBatch(carried(clips), 1);
  sigma.dispose();
  return { tokens, told, guidance: guidanceOf(rows, clips, carried), moving: movingMask(first) };
}

/** One condition for all candidates of a group that are told the same. */
function conditionsOf(rows: readonly Row[]): ClipCondition[] {
  const known = new Map<Group, Map<ArrayLike<number>, ClipCondition>>();
  return rows.map(({ group, candidate: { manner } }) => {
    const own = known.get(group) ?? new Map<ArrayLike<number>, ClipCondition>();
    known.set(group, own);
    const condition = own.get(manner.told) ?? conditionIn(group.situation, manner.told);
    own.set(manner.told, condition);
    return condition;
  });
}

/** What a target is shown that is told nothing: as if the camera stood still. */
function untoldIn(situation: Situation): Pick<HostClip, "condition" | "previous" | "remembered" | "looks"> {
  const possible = possiblePaths(situation.pose, STILL, situation.first);
  const condition = clipCondition(possible[0], NOTHING, situation.time, possible);
  return { condition, ...picturesIn(situation, condition) };
}

/** Guidance costs a second evaluation; it is left out where every weight is 1. */
function guidanceOf(
  rows: readonly Row[],
  clips: readonly HostClip[],
  carried: (clips: HostClip[]) => HostClip[],
): Guidance[] {
  const weights = rows.map(({ candidate }) => candidate.manner.guidance);
  if (weights.every((weight) => weight === 1)) return [];
  const untold = new Map(rows.map(({ group }) => [group, untoldIn(group.situation)]));
  const free = rows.map(({ group }, i): HostClip => ({ ...clips[i], ...untold.get(group) }));
  const { tokens, sigma, ...told } = clipBatch(carried(free), 1);
  tf.dispose([tokens, sigma]);
  return [{ told, weight: tf.tensor(weights, [rows.length, 1, 1]) }];
}

/** The transitions of all rows, with the states of those that are stochastic. */
class Trace {
  private readonly rows: readonly Row[];
  private readonly sigmas: number[];
  private readonly early: number;
  private readonly steps: Step[][];

  constructor(rows: readonly Row[], sampler: SamplerConfig, etaShare: number) {
    this.rows = rows;
    this.sigmas = sigmaSchedule(sampler);
    this.early = Math.round(etaShare * sampler.steps);
    this.steps = rows.map(() => []);
  }

  private transitions(i: number): Transition[] {
    const [sigma, next] = [this.sigmas[i], this.sigmas[i + 1]];
    return this.rows.map(({ candidate }) => transitionOf(sigma, next, i < this.early ? candidate.manner.eta : 0));
  }

  inputs(i: number): Omit<StepInputs, "x" | "moving"> {
    const transitions = this.transitions(i);
    const n = this.rows.length;
    const column = (key: keyof Transition): tf.Tensor =>
      tf.tensor(
        transitions.map((t) => t[key]),
        [n, 1, 1],
      );
    const sigma = transitions.flatMap(() => latentSigmas(this.sigmas[i], this.rows[0].group.situation.first));
    return {
      sigma: tf.tensor(sigma, [n, CLIP_LATENTS]),
      fromX: column("fromX"),
      fromV: column("fromV"),
      std: column("std"),
      noise: this.freshNoise(transitions),
    };
  }

  private freshNoise(transitions: readonly Transition[]): tf.Tensor {
    const size = transitions.some(({ std }) => std > 0) ? CLIP_SIZE : 0;
    if (size === 0) return tf.zeros([transitions.length, CLIP_TOKENS, CLIP_SIZE / CLIP_TOKENS]);
    const out = new Float32Array(transitions.length * CLIP_SIZE);
    transitions.forEach(({ std }, row) => {
      if (std > 0) out.set(this.rows[row].candidate.rng.normals(CLIP_SIZE), row * CLIP_SIZE);
    });
    return tf.tensor(out, [transitions.length, CLIP_TOKENS, CLIP_SIZE / CLIP_TOKENS]);
  }

  record(i: number, from: tf.Tensor, to: tf.Tensor): void {
    const transitions = this.transitions(i);
    if (transitions.every(({ std }) => std === 0)) return;
    const [before, after] = [from, to].map((t) => t.dataSync() as Float32Array);
    transitions.forEach((transition, row) => {
      if (transition.std === 0) return;
      const range = [row * CLIP_SIZE, (row + 1) * CLIP_SIZE] as const;
      const states = { from: before.slice(...range), to: after.slice(...range) };
      this.steps[row].push({ ...transition, sigma: this.sigmas[i], ...states });
    });
  }

  finish(values: Float32Array): Sampled[] {
    return this.steps.map((steps, row) => ({ tokens: values.slice(row * CLIP_SIZE, (row + 1) * CLIP_SIZE), steps }));
  }
}

function regroup(groups: readonly Group[], sampled: readonly Sampled[]): Sampled[][] {
  let at = 0;
  return groups.map(({ candidates }) => {
    at += candidates.length;
    return sampled.slice(at - candidates.length, at);
  });
}
