import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initParams } from "../../../lib/model/nn/params.ts";
import { PREFERENCE_SPEC } from "../../../lib/rewards/preference/network.ts";
import {
  makePreference,
  type Pictured,
  type Preference,
  type PreferenceScores,
} from "../../../lib/rewards/preference/preference.ts";
import { visualReward } from "../../../lib/rewards/visual.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import type { Keyframe, KeyframedVideo } from "../../../lib/training/preference/bank.ts";
import { drawCorruption } from "../../../lib/training/preference/corrupt.ts";
import { agreementWithTruth, pairAccuracies } from "../../../lib/training/preference/evaluate.ts";
import type { GeneratedVideo } from "../../../lib/training/preference/generated.ts";
import { LATENT_CORRUPTION_KINDS } from "../../../lib/training/preference/latents.ts";
import { augmented, drawPair, type PairSource, pairKinds, pairSource } from "../../../lib/training/preference/pairs.ts";
import { MADE_KINDS } from "../../../lib/training/preference/ranked.ts";
import { preferenceTraining, trainPreference } from "../../../lib/training/preference/train.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { mean } from "../../../lib/util/statistics.ts";
import { generatedVideo, SIZE, shots } from "./videos.ts";

/** True pictures, with mild blur for a reconstruction and colour shifts for corrupted latents. */
async function filmOf(seed: number): Promise<KeyframedVideo> {
  const rng = Rng.of(seed, "video");
  const [first, ...truths] = await shots(seed, 7);
  const keyframes = truths.map((truth): Keyframe => {
    const reconstruction = drawCorruption("blur", rng, SIZE)(truth, 0.2);
    const tint = drawCorruption("colour", rng, SIZE);
    const versions = LATENT_CORRUPTION_KINDS.map((kind) => [
      kind,
      [tint(reconstruction, 0.4), tint(reconstruction, 1)],
    ]);
    return { truth, reconstruction, corrupted: Object.fromEntries(versions) };
  });
  return { first, keyframes };
}

describe("preference model", () => {
  let real: KeyframedVideo[];
  let made: GeneratedVideo[];
  let source: PairSource;

  before(async () => {
    await openBackend();
    real = await Promise.all([0, 1, 2, 3].map(filmOf));
    made = await Promise.all([4, 5].map(generatedVideo));
    source = pairSource(SIZE, real, made);
  });

  it("pairs of every kind differ, and come from one video", () => {
    const kinds = pairKinds(source);
    const alone = pairKinds(pairSource(SIZE, real, []));
    assert.deepEqual(
      kinds.filter((kind) => !alone.includes(kind)),
      MADE_KINDS,
    );
    for (const kind of kinds) {
      const { better, worse, first } = drawPair(source, kind, Rng.of(1, kind));
      assert.notDeepEqual(better, worse, kind);
      assert.ok([...real, ...made].some((video) => video.first === first));
    }
  });

  it("augmentation turns all three pictures alike", async () => {
    const [a, b] = (await Promise.all([9, 9].map(filmOf))).map(({ first }) => first);
    for (let seed = 0; seed < 12; seed++) {
      const turned = augmented({ better: a, worse: b, first: a }, SIZE.width, Rng.of(seed));
      assert.deepEqual(turned.better, turned.worse);
      assert.deepEqual(turned.better, turned.first);
      assert.equal(mean(turned.better), mean(a));
    }
  });

  it("a picture's score does not depend on what is scored with it", () => {
    const preference = makePreference(initParams(PREFERENCE_SPEC, 1), "", SIZE);
    const pictured = real.flatMap(({ first, keyframes }) => keyframes.map(({ truth }) => ({ picture: truth, first })));
    const all = preference.score(pictured).mean;
    const alone = preference.score(pictured.slice(7, 8)).mean;
    assert.ok(Math.abs(all[7] - alone[0]) < 1e-5);
    assert.equal(all.length, pictured.length);
  });

  it("the visual reward is the mean score of every latent's last frame", () => {
    const preference = makePreference(initParams(PREFERENCE_SPEC, 1), "", SIZE);
    const [{ first, keyframes }] = real;
    const pictures = keyframes.slice(0, 4).map(({ truth }) => truth);
    const frames = new Uint8Array(17 * first.length);
    pictures.forEach((picture, i) => {
      frames.set(picture, 4 * (i + 1) * first.length);
    });
    const [reward] = visualReward(preference).score([{ frames, first, actions: new Int32Array(16) }]);
    const expected = mean(preference.score(pictures.map((picture) => ({ picture, first }))).mean);
    assert.ok(Math.abs(reward - expected) < 1e-5);
  });

  it("agreement with the truth is 1 for a score that is the likeness itself, -1 for its opposite", () => {
    const likeness = new Map(
      made.flatMap(({ keyframes }) =>
        keyframes.flatMap(({ versions }) => versions.map(({ picture, fidelity }) => [picture, fidelity.ssim] as const)),
      ),
    );
    const scorer = (sign: number): Preference => {
      const score = (pictured: readonly Pictured[]): PreferenceScores => {
        const values = Float32Array.from(pictured, ({ picture }) => sign * (likeness.get(picture) as number));
        return { mean: values, variance: values };
      };
      return { sha256: "", size: SIZE, score };
    };
    assert.deepEqual(agreementWithTruth(scorer(1), []), []);
    for (const sign of [1, -1]) {
      const agreements = agreementWithTruth(scorer(sign), made);
      assert.deepEqual(agreements.map(({ within }) => within), [sign, sign, sign, sign]); // biome-ignore format: one line
      // Two videos of three clips.
      assert.ok(agreements.every(({ groups, overall }) => groups === 6 && sign * overall > 0.3));
      const placed = agreements.find(({ measure }) => measure === "placedSsim");
      assert.ok(Math.abs((placed?.overall ?? 0) - sign) < 1e-9);
    }
  });

  it("learns to rank", async function () {
    // A step takes over a minute where convolutions' gradients run in JavaScript.
    if ((await openBackend()).name === "wasm") this.skip();
    this.timeout(300_000);
    const dir = mkdtempSync(join(tmpdir(), "worldcompass-preference-"));
    const config = preferenceTraining.parse({ steps: 40, batch: 14, ema: 0.8 });
    const trained = makePreference(await trainPreference(dir, source, config), "", SIZE);
    rmSync(dir, { recursive: true });
    const accuracies = pairAccuracies(
      trained,
      pairSource(SIZE, await Promise.all([6, 7].map(filmOf)), [await generatedVideo(8)]),
      20,
    );
    assert.ok(mean(accuracies.map(({ accuracy }) => accuracy)) > 0.7, JSON.stringify(accuracies));
  });
});
