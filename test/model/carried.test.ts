import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { clipBatch, type HostClip } from "../../lib/model/batch.ts";
import { type LastFrames, lastFramesOf, withCarried } from "../../lib/model/carried.ts";
import { carry } from "../../lib/model/carry.ts";
import { CLIP_LATENTS, CLIP_SIZE, CLIP_TOKENS, type ModelConfig } from "../../lib/model/config.ts";
import { type ClipBatch, velocityInWindow, velocityWithCache } from "../../lib/model/dit.ts";
import type { Remembered } from "../../lib/model/memory.ts";
import { type GenerationOptions, makeWorldModel } from "../../lib/model/rollout.ts";
import { modelSpec } from "../../lib/model/spec.ts";
import { fromTokens } from "../../lib/model/tokens.ts";
import type { Params } from "../../lib/nn/params.ts";
import { loadTokeniser } from "../../lib/tokeniser/tokeniser.ts";
import { UserError } from "../../lib/util/errors.ts";
import { Rng } from "../../lib/util/rng.ts";
import { FRAME_BYTES } from "../../lib/world/index.ts";
import { assertClose } from "../nn/close.ts";
import {
  CARRYING,
  clipAt,
  picturesOf,
  randomActions,
  randomStart,
  randomVideo,
  SMALL,
  targetAt,
  withSmallParams,
} from "./small.ts";

const isCarried = (name: string): boolean => name.endsWith(".carried");

/** Clip number `clip` of a video, which remembers a picture of the clips before it. */
function target(clip: number, ...key: string[]): HostClip {
  const slots = Array.from({ length: clip }, (_, n) => ({ clip: n, time: CLIP_LATENTS * n }));
  return targetAt(randomVideo(clip + 1, "carried", ...key), clip, 8, 0.6, slots);
}

/** How many latents were decoded in every call. */
function counting(): { calls: number[]; lastFrames: LastFrames } {
  const calls: number[] = [];
  const lastFrames: LastFrames = (latents) => {
    calls.push(latents.length);
    return picturesOf(latents);
  };
  return { calls, lastFrames };
}

describe("clips with carried pictures", () => {
  const pictureOf = (tokens?: Float32Array): Uint8Array => picturesOf([tokens as Float32Array])[0];
  const carriedBy = (clip: HostClip): Float32Array => withCarried([clip], picturesOf)[0].carried as Float32Array;

  it("get the picture before them, then the remembered one from where its last frame was taken", () => {
    const clip = target(3);
    const { tokens, end } = clip.remembered as Remembered;
    const { path } = clip.condition;
    const before = { picture: pictureOf(clip.previous), pose: path[0].start };
    const expected = carry(path, [before, { picture: pictureOf(tokens), pose: end }]);
    assert.deepEqual(withCarried([clip], picturesOf), [{ ...clip, carried: expected }]);
    assert.notDeepEqual(carry(path, [before]), expected);
  });

  it("that begin a video get the given picture alone, as it is in their first latent", () => {
    const clip = target(0);
    const { path } = clip.condition;
    const sights = [{ picture: pictureOf(clip.previous), pose: path[0].start }];
    const carried = carriedBy(clip);
    assert.deepEqual(carried, carry(path, sights));
    const still = carry(
      path.map(() => path[0]),
      sights,
    );
    const latent = carried.length / CLIP_LATENTS;
    assert.deepEqual(carried.subarray(0, latent), still.subarray(0, latent));
  });

  it("are carried once where they share condition and pictures; no picture is decoded twice", () => {
    const [a, b] = [target(2, "a"), target(2, "b")];
    const noisier = { ...a, tokens: Rng.of("noisier").normals(CLIP_SIZE) };
    const clips = [a, b, noisier, { ...a, previous: b.previous }, { ...a, remembered: undefined }];
    const { calls, lastFrames } = counting();
    const made = withCarried(clips, lastFrames).map(({ carried }) => carried);
    assert.deepEqual(calls, [4]);
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
  const batchOf = (clips: HostClip[]): ClipBatch => clipBatch(withCarried(clips, picturesOf), 1);

  /** What is left of the parameters without the two weights, and with these at zero. */
  const without = (): Params => Object.fromEntries(Object.entries(params).filter(([name]) => !isCarried(name)));
  const zeroed = (): Params => {
    const zero = (name: string): [string, tf.Tensor] => [name, tf.zerosLike(params[name])];
    return { ...params, ...Object.fromEntries(Object.keys(params).filter(isCarried).map(zero)) };
  };

  /** Six clips of two videos. */
  function generate(p: Params, config: ModelConfig, options: Partial<GenerationOptions> = {}): Float32Array[] {
    const sampler = { steps: 2, shift: 3 };
    const rollout = makeWorldModel(p, config, { sampler, lastFrames: picturesOf, ...options }).begin(
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

  it("has two weights more, which start at zero", () => {
    const [spec, plain, coarse] = [CARRYING, SMALL, { ...CARRYING, detailDepth: 0 }].map(modelSpec);
    const added = Object.keys(spec).filter((name) => !(name in plain));
    assert.deepEqual(added, ["in.carried", "detail.carried"]);
    for (const name of added) assert.ok("fill" in spec[name] && spec[name].fill === 0, name);
    assert.deepEqual(Object.keys(coarse).filter(isCarried), ["in.carried"]);
  });

  it("whose two weights are zero is exactly the model without them", () => {
    const clips = [target(1, "a"), target(2, "b")];
    const plain = velocity(clipBatch(clips, 1), without(), SMALL);
    assert.deepEqual(velocity(batchOf(clips), zeroed()), plain);
    assert.notDeepEqual(velocity(batchOf(clips)), plain);
    assert.deepEqual(generate(zeroed(), CARRYING), generate(without(), SMALL));
  });

  it("uses each of the two weights", () => {
    const batch = batchOf([target(2)]);
    for (const name of Object.keys(params).filter(isCarried)) {
      assert.notDeepEqual(velocity(batch, { ...params, [name]: tf.zerosLike(params[name]) }), velocity(batch), name);
    }
  });

  it("shows each clip of a batch, and each target of a window, its own", () => {
    const clips = ["a", "b", "c"].map((key) => target(1, key));
    const past = clipBatch([clipAt(randomVideo(1, "unseen"), 0, 0)], 1);
    const unseen = tf.zeros([1, 1, 3 * CLIP_TOKENS, CLIP_TOKENS]);
    const targets = clipBatch(withCarried(clips, picturesOf), 3);
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
    const { calls, lastFrames } = counting();
    const world = makeWorldModel(params, CARRYING, { sampler: { steps: 1, shift: 1 }, lastFrames });
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

  it("is refused without a decoder", () => {
    assert.throws(
      () => makeWorldModel(params, CARRYING),
      (error: unknown) => error instanceof UserError && /without a decoder/.test(error.problem),
    );
    makeWorldModel(without(), SMALL);
  });

  it("is shown the last frames of the decoder's groups", () => {
    const tokeniser = loadTokeniser();
    const clip = Rng.of("groups").normals(CLIP_SIZE);
    const size = CLIP_SIZE / CLIP_LATENTS;
    const latents = [0, 1, 2, 3].map((i) => clip.subarray(i * size, (i + 1) * size));
    const frames = tokeniser.decodeGroups(fromTokens(clip));
    const expected = [3, 7, 11, 15].map((frame) => frames.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES));
    assert.deepEqual(lastFramesOf(tokeniser)(latents), expected);
  });
});
