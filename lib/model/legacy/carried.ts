/** Gives target clips what each possible motion would make of the pictures they know; see motions.ts and carry.ts. */

import { joinFloats } from "../../util/arrays.ts";
import { UserError } from "../../util/errors.ts";
import { FRAME_BYTES, FRAMES_PER_LATENT } from "../../world/config.ts";
import type { Tokeniser } from "../tokeniser/tokeniser.ts";
import type { HostClip } from "./batch.ts";
import { carry } from "./carry.ts";
import type { LatentPath } from "./condition.ts";
import { CLIP_CELLS, CLIP_SIZE, type ModelConfig } from "./config.ts";
import type { Look } from "./memory.ts";
import { type DepthNetwork, loadDepthNetwork } from "./solid-depth/depth.ts";
import type { Sight } from "./source.ts";
import { fromTokens, toTokens } from "./tokens.ts";

/** What carrying needs of a tokeniser and of a depth network. */
export interface Codec {
  /** The pictures, with the depths of their solids. */
  sights(looks: readonly Look[]): Sight[];
  /** Folded groups [n, 12, 20, 192] -> tokens [n, 15, 128], nearly those of the encoder. */
  project(groups: Float32Array): Float32Array;
  /** Whether ground and far scenery that no picture shows are continued; see continued.ts. */
  continued: boolean;
}

/** A clip as each possible motion would show it; K motions. */
export interface Carried {
  /** Tokens, [K, 60, 128]. */
  tokens: Float32Array;
  /** Share of each cell that a picture shows or continues, [K, 240]. */
  known: Float32Array;
}

/** @throws UserError where a model that carries pictures along has no codec */
export function checkCodec({ carried }: ModelConfig, codec: Codec | undefined): void {
  if (!carried || codec) return;
  throw new UserError("a world model that carries pictures along, without a codec", "give codecOf(tokeniser)");
}

/**
 * Pictures are decoded once as long as their latents live.
 * @param depth by default the one that is shipped
 * @param continued false for the ablation: what no picture shows is left to the network
 */
export function codecOf(tokeniser: Tokeniser, depth: DepthNetwork = shippedDepth(), continued = true): Codec {
  const known = new WeakMap<ArrayBufferLike, Map<string, Sight>>();
  const keyOf = ({ tokens, pose }: Look): string => `${tokens.byteOffset} ${JSON.stringify(pose)}`;
  const find = (look: Look): Sight | undefined => known.get(look.tokens.buffer)?.get(keyOf(look));
  const learn = (looks: readonly Look[]): void => {
    if (looks.length === 0) return;
    const pictures = lastFrames(tokeniser, looks);
    const depths = depth.depths(
      pictures,
      looks.map(({ pose }) => pose.pitch),
    );
    looks.forEach((look, i) => {
      const own = known.get(look.tokens.buffer) ?? new Map<string, Sight>();
      known.set(look.tokens.buffer, own.set(keyOf(look), { picture: pictures[i], pose: look.pose, depths: depths[i] }));
    });
  };
  const sights = (looks: readonly Look[]): Sight[] => {
    learn(looks.filter((look, i) => !find(look) && looks.findIndex((other) => isSame(look, other)) === i));
    return looks.map((look) => find(look) as Sight);
  };
  return { sights, project: (groups) => toTokens(tokeniser.project(groups)), continued };
}

const isSame = (a: Look, b: Look): boolean =>
  a.tokens.buffer === b.tokens.buffer && a.tokens.byteOffset === b.tokens.byteOffset && a.pose === b.pose;

/** The last frame of each latent, [48, 80, 3] bytes. */
function lastFrames(tokeniser: Tokeniser, looks: readonly Look[]): Uint8Array[] {
  const bytes = tokeniser.decodeGroups(fromTokens(joinFloats(looks.map(({ tokens }) => tokens))));
  const end = (i: number): number => (i + 1) * FRAMES_PER_LATENT * FRAME_BYTES;
  // Copies: a view would keep the whole batch alive.
  return looks.map((_, i) => bytes.slice(end(i) - FRAME_BYTES, end(i)));
}

let shipped: DepthNetwork | undefined;
function shippedDepth(): DepthNetwork {
  shipped ??= loadDepthNetwork();
  return shipped;
}

/** Clips that share their condition and their pictures, as the candidates of one video do, are carried once. */
export function withCarried(clips: readonly HostClip[], codec: Codec): HostClip[] {
  const firsts = clips.filter((clip, i) => clips.findIndex((other) => isTwin(clip, other)) === i);
  const looks = firsts.flatMap(({ looks: own }) => own ?? []);
  const sights = codec.sights(looks);
  const jobs = firsts.map(({ condition, looks: own }) => ({
    paths: condition.possible,
    sights: sights.splice(0, own?.length),
  }));
  const carried = carryAll(jobs, codec);
  return clips.map((clip) => ({ ...clip, carried: carried[firsts.findIndex((other) => isTwin(clip, other))] }));
}

const isTwin = (a: HostClip, b: HostClip): boolean =>
  a.condition === b.condition && a.previous === b.previous && a.remembered === b.remembered;

const samePath = (a: readonly LatentPath[], b: readonly LatentPath[]): boolean =>
  a.every(({ end }, i) => {
    const other = b[i].end;
    return end.x === other.x && end.z === other.z && end.yaw === other.yaw && end.pitch === other.pitch;
  });

/** All clips' motions, projected together; equal motions of a clip are carried once. */
function carryAll(
  clips: readonly { paths: readonly (readonly LatentPath[])[]; sights: Sight[] }[],
  codec: Codec,
): Carried[] {
  const jobs = clips.flatMap(({ paths, sights }) => {
    const owners = paths.map((path) => paths.findIndex((other) => samePath(path, other)));
    return paths.map((path, k) => (owners[k] === k ? carry(path, sights, codec.continued) : owners[k]));
  });
  const made = jobs.filter((job) => typeof job !== "number");
  const tokens = codec.project(joinFloats(made.map(({ groups }) => groups)));
  let done = 0;
  return clips.map(({ paths }, i) => {
    const own = {
      tokens: new Float32Array(paths.length * CLIP_SIZE),
      known: new Float32Array(paths.length * CLIP_CELLS),
    };
    paths.forEach((_, k) => {
      const job = jobs[i * paths.length + k];
      if (typeof job === "number") {
        own.tokens.copyWithin(k * CLIP_SIZE, job * CLIP_SIZE, (job + 1) * CLIP_SIZE);
        own.known.copyWithin(k * CLIP_CELLS, job * CLIP_CELLS, (job + 1) * CLIP_CELLS);
        return;
      }
      own.tokens.set(tokens.subarray(done * CLIP_SIZE, (done + 1) * CLIP_SIZE), k * CLIP_SIZE);
      own.known.set(job.known, k * CLIP_CELLS);
      done++;
    });
    return own;
  });
}

/** Of the possible motions the one whose clip, where all of them know it, is nearest to `tokens`. */
export function motionOfClip(tokens: Float32Array, { tokens: possible, known }: Carried): number {
  const motions = possible.length / CLIP_SIZE;
  const perCell = CLIP_SIZE / CLIP_CELLS;
  const errors = new Float64Array(motions);
  for (let cell = 0; cell < CLIP_CELLS; cell++) {
    let weight = 1;
    for (let k = 0; k < motions; k++) weight = Math.min(weight, known[k * CLIP_CELLS + cell]);
    if (weight === 0) continue;
    for (let k = 0; k < motions; k++)
      for (let i = cell * perCell; i < (cell + 1) * perCell; i++)
        errors[k] += weight * (tokens[i] - possible[k * CLIP_SIZE + i]) ** 2;
  }
  return errors.reduce((best, error, k) => (error < errors[best] ? k : best), 0);
}
