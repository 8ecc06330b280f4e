import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { clipBatch, type HostClip } from "../../../lib/model/legacy/batch.ts";
import { type Carried, type Codec, codecOf, motionOfClip, withCarried } from "../../../lib/model/legacy/carried.ts";
import { carry } from "../../../lib/model/legacy/carry.ts";
import { CLIP_LATENTS, CLIP_SIZE, CLIP_TOKENS, type ModelConfig } from "../../../lib/model/legacy/config.ts";
import { type ClipBatch, velocityInWindow, velocityWithCache } from "../../../lib/model/legacy/dit.ts";
import type { Look } from "../../../lib/model/legacy/memory.ts";
import { MOTIONS } from "../../../lib/model/legacy/motions.ts";
import { type GenerationOptions, makeWorldModel } from "../../../lib/model/legacy/rollout.ts";
import type { Sight } from "../../../lib/model/legacy/source.ts";
import { fromTokens } from "../../../lib/model/legacy/tokens.ts";
import type { Params } from "../../../lib/model/nn/params.ts";
import { loadTokeniser } from "../../../lib/model/tokeniser/tokeniser.ts";
import { joinFloats } from "../../../lib/util/arrays.ts";
import { UserError } from "../../../lib/util/errors.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { FRAME_BYTES } from "../../../lib/world/index.ts";
import { assertClose } from "../nn/close.ts";
import {
  CARRYING,
  clipAt,
  codecOfTests,
  randomActions,
  randomStart,
  randomVideo,
  SMALL,
  targetAt,
  withSmallParams,
} from "./small.ts";

/** What tells the network of the decision. */
const TOLD = ["in.expected", "in.known", "detail.expected", "detail.known", "action.decided"];

/** Clip number `clip` of a video, which remembers a picture of the clips before it. */
function target(clip: number, ...key: string[]): HostClip {
  const slots = Array.from({ length: clip }, (_, n) => ({ clip: n, time: CLIP_LATENTS * n }));
  return targetAt(randomVideo(clip + 1, "carried", ...key), clip, 8, 0.6, slots);
}

/** How many pictures were asked for in every call. */
function counting(): { calls: number[]; codec: Codec } {
  const calls: number[] = [];
  const sights = (looks: readonly Look[]): Sight[] => {
    calls.push(looks.length);
    return codecOfTests.sights(looks);
  };
  const codec = { ...codecOfTests, sights };
  return { calls, codec };
}

describe("clips with carried pictures", () => {
  const carriedBy = (clip: HostClip): Carried => withCarried([clip], codecOfTests)[0].carried as Carried;
  const byMotion = ({ tokens }: Carried): Float32Array[] =>
    Array.from({ length: MOTIONS }, (_, k) => tokens.subarray(k * CLIP_SIZE, (k + 1) * CLIP_SIZE));

  it("get, for each possible motion, the given picture, an overlapping one and the last, from where these were taken", () => {
    const clip = target(3);
    const looks = clip.looks as Look[];
    const last = looks[looks.length - 1];
    assert.equal(looks.length, 3);
    assert.deepEqual(last, { tokens: clip.previous, pose: clip.condition.path[0].start });
    const expected = clip.condition.possible.map((way) => carry(way, codecOfTests.sights(looks), false));
    const carried = carriedBy(clip);
    byMotion(carried).forEach((made, k) => {
      assertClose(made, codecOfTests.project(expected[k].groups), 1e-6);
    });
    assert.deepEqual(carried.known, joinFloats(expected.map(({ known }) => known)));
  });

  it("are continued where no picture shows anything, unless the codec says that they are not", () => {
    const clip = target(3);
    const knownBy = (continued: boolean): number => {
      const { known } = withCarried([clip], { ...codecOfTests, continued })[0].carried as Carried;
      return known.reduce((sum, share) => sum + share, 0) / known.length;
    };
    assert.ok(knownBy(true) > knownBy(false), `${knownBy(true)}, ${knownBy(false)}`);
  });

  it("that begin a video show the given picture in their first latent, whatever the motion", () => {
    const first = byMotion(carriedBy(target(0))).map((tokens) => tokens.subarray(0, CLIP_SIZE / CLIP_LATENTS));
    for (const tokens of first) assert.deepEqual(tokens, first[0]);
  });

  it("are taken to show the motion whose clip they are, and the commanded one where motions are alike", () => {
    const clip = target(2);
    const carried = carriedBy(clip);
    const ends = clip.condition.possible.map((path) => JSON.stringify(path));
    byMotion(carried).forEach((tokens, k) => {
      const noisy = tokens.map((x, i) => x + 0.1 * Math.sin(i));
      assert.equal(motionOfClip(noisy, carried), ends.indexOf(ends[k]));
    });
  });

  it("are carried once where they share condition and pictures; no picture is decoded twice", () => {
    const [a, b] = [target(2, "a"), target(2, "b")];
    const noisier = { ...a, tokens: Rng.of("noisier").normals(CLIP_SIZE) };
    const other = { previous: b.previous, looks: b.looks };
    const clips = [a, b, noisier, { ...a, ...other }, { ...a, remembered: undefined, looks: a.looks?.slice(-1) }];
    const { calls, codec } = counting();
    const made = withCarried(clips, codec).map(({ carried }) => carried);
    assert.deepEqual(calls, [3 + 3 + 3 + 1]);
    assert.equal(made[2], made[0]);
    assert.deepEqual(made, clips.map(carriedBy));
    for (const i of [1, 3, 4]) assert.notDeepEqual(made[i], made[0], `clip ${i}`);
  });
});

describe("a model with carried pictures", () => {
  const params = withSmallParams(CARRYING);

  const values = (x: tf.Tensor): Float32Array => x.dataSync() as Float32Array;
  const velocity = (batch: ClipBatch, p = params, config = CARRYING): Float32Array =>
    values(velocityWithCache(p, config, batch, []));
  const batchOf = (clips: HostClip[]): ClipBatch => clipBatch(withCarried(clips, codecOfTests), 1);

  /** Six clips of two videos. */
  function generate(p: Params, config: ModelConfig, options: Partial<GenerationOptions> = {}): Float32Array[] {
    const sampler = { steps: 2, shift: 3 };
    const rollout = makeWorldModel(p, config, { sampler, codec: codecOfTests, ...options }).begin(
      ["a", "b"].map((video) => randomStart(video)),
    );
    for (let n = 0; n < 6; n++) {
      const actions = ["a", "b"].map((video) => randomActions(Rng.of("actions", video, n)));
      const noises = ["a", "b"].map((video) => Rng.of("noise", video, n).normals(CLIP_SIZE));
      rollout.append(actions, rollout.propose(actions, noises));
    }
    const clips = [0, 1].flatMap((i) => [...rollout.clips(i)]);
    rollout.dispose();
    return clips;
  }

  it("uses each of the weights that tell it of the decision", () => {
    const batch = batchOf([target(2)]);
    for (const name of TOLD)
      assert.notDeepEqual(velocity(batch, { ...params, [name]: tf.zerosLike(params[name]) }), velocity(batch), name);
  });

  it("shows each clip of a batch, and each target of a window, its own", () => {
    const clips = ["a", "b", "c"].map((key) => target(1, key));
    const past = clipBatch([clipAt(randomVideo(1, "unseen"), 0, 0)], 1);
    const unseen = tf.zeros([1, 1, 3 * CLIP_TOKENS, CLIP_TOKENS]);
    const targets = clipBatch(withCarried(clips, codecOfTests), 3);
    const window = values(velocityInWindow(params, CARRYING, past, targets, unseen));
    const rows = velocity(batchOf(clips));
    clips.forEach((clip, i) => {
      const alone = velocity(batchOf([clip]));
      // Sums in another order: a few 1e-6.
      for (const all of [window, rows]) assertClose(all.subarray(i * CLIP_SIZE, (i + 1) * CLIP_SIZE), alone, 2e-5);
    });
  });

  it("generates the same with and without cached keys and values", () => {
    const uncached = generate(params, CARRYING, { cache: false });
    for (const [i, clip] of generate(params, CARRYING).entries()) assertClose(clip, uncached[i], 1e-5, `clip ${i}`);
  });

  it("decodes one or two pictures of a video for a clip, however many candidates are proposed", () => {
    const { calls, codec } = counting();
    const world = makeWorldModel(params, CARRYING, { sampler: { steps: 1, shift: 1 }, codec });
    const rollout = world.begin([randomStart("a"), randomStart("b")]);
    const actions = [0, 1].map((video) => randomActions(Rng.of("candidates", video)));
    for (let n = 0; n < 2; n++) {
      const noises = [0, 1, 2, 3, 4, 5].map((i) => Rng.of("candidate", n, i).normals(CLIP_SIZE));
      const candidates = rollout.propose(actions, noises);
      rollout.append(actions, [candidates[0], candidates[3]]);
    }
    rollout.dispose();
    assert.deepEqual(calls, [2, 4]);
  });

  it("is refused without a codec", () => {
    assert.throws(
      () => makeWorldModel(params, CARRYING),
      (error: unknown) => error instanceof UserError && /without a codec/.test(error.problem),
    );
    makeWorldModel(params, SMALL);
  });

  it("is shown the last frames of the decoder's groups, decoded once", () => {
    let decoded = 0;
    const tokeniser = loadTokeniser();
    const decodeGroups = (latents: Float32Array): Uint8Array => {
      decoded += latents.length / (CLIP_SIZE / CLIP_LATENTS);
      return tokeniser.decodeGroups(latents);
    };
    const clip = Rng.of("groups").normals(CLIP_SIZE);
    const size = CLIP_SIZE / CLIP_LATENTS;
    const pose = { x: 0, z: 0, yaw: 0, pitch: 0.1 };
    const looks = [0, 1, 2, 3, 3].map((i) => ({ tokens: clip.subarray(i * size, (i + 1) * size), pose }));
    const frames = tokeniser.decodeGroups(fromTokens(clip));
    const expected = [3, 7, 11, 15, 15].map((frame) => frames.slice(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES));
    const codec = codecOf({ ...tokeniser, decodeGroups });
    for (let again = 0; again < 2; again++)
      assert.deepEqual(
        codec.sights(looks).map(({ picture }) => picture),
        expected,
      );
    assert.equal(decoded, 4);
  });
});
