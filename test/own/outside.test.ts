/**
 * From outside of lib, through the public door alone: a world, a world model, a reward, an objective, a curriculum and an
 * exploration of one's own, put together and trained. Nothing of the laboratory is edited.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import {
  type Curriculum,
  curriculum,
  type Exploration,
  evaluateModel,
  evaluationSet,
  nft,
  type Objective,
  openBackend,
  type PostTraining,
  postConfig,
  postTrain,
  prompt,
  promptsOf,
  psnrToTruth,
  type Reward,
  Rng,
  readMetrics,
  trueAccuracy,
} from "worldcompass";
import { greyModel } from "./model.ts";
import { stripes } from "./world.ts";

/** A reward: bright pictures. */
const brightness: Reward = {
  name: "brightness",
  score: (clips) => clips.map(({ frames }) => frames[frames.length - 1] / 255),
};

/** An objective: towards good candidates in proportion to their optimality, nothing else. */
const weighted: Objective = {
  name: "weighted",
  reference: false,
  loss: ({ xt, sigma, target, vTheta, optimality }) => {
    const clean = tf.sub(xt, tf.mul(tf.reshape(sigma, [-1, 1, 1]), vTheta));
    return tf.mul(optimality, tf.mean(tf.squaredDifference(clean, target), [1, 2]));
  },
};

/** A curriculum: the last clip, every third time the first. */
const mostlyLast: Curriculum = (iteration, horizon) => (iteration % 3 === 2 ? 0 : horizon - 1);

/** An exploration: noise of its own streams. */
const ownNoise: Exploration = (_, count, key) =>
  Array.from({ length: count }, (_, b) => ({ rng: Rng.of(...key, "own", b) }));

describe("from outside of lib", () => {
  let dir: string;
  before(async () => {
    await openBackend();
    dir = mkdtempSync(join(tmpdir(), "outside-"));
  });
  after(() => rmSync(dir, { recursive: true }));

  const options = async (name: string): Promise<PostTraining> => {
    const prompts = await promptsOf(stripes, "rl", "basic", 2, 2);
    return {
      dir: join(dir, name),
      base: greyModel(stripes),
      rewards: [{ reward: brightness, weight: 1 }],
      objective: nft(),
      curriculum: curriculum("min2max"),
      prompts: () => prompts,
      config: postConfig({
        iterations: 6,
        rollout: { horizon: 2, branches: 4 },
        update: { keep: 2, steps: 2, lr: 0.05, warmup: 1, weightDecay: 0 },
      }),
      saveEvery: 6,
    };
  };
  const level = async (run: PostTraining): Promise<number> => (await postTrain(run)).level.dataSync()[0];

  it("a reward of one's own is learnt by a world model of one's own in a world of one's own", async () => {
    assert.ok((await level(await options("reward"))) > 0.05);
  });

  it("an objective of one's own trains, too", async () => {
    assert.ok((await level({ ...(await options("objective")), objective: weighted })) > 0.05);
  });

  it("a curriculum of one's own says which clip is trained, and an exploration of one's own how candidates differ", async () => {
    const run = { ...(await options("curriculum")), curriculum: mostlyLast, exploration: ownNoise };
    await postTrain(run);
    const depths = readMetrics(run.dir).flatMap((metrics) => metrics["charts/depth"] ?? []);
    assert.deepEqual(depths, [1, 1, 0, 1, 1, 0]);
  });

  it("prompts, truth and metrics are those of one's own world", async () => {
    const { poses } = await prompt(stripes, "w-3");
    assert.ok(Math.abs(poses[12].z - poses[0].z - 12 * stripes.step.translation) < 1e-9 || poses[0].yaw !== 0);
    const set = await evaluationSet(stripes, "basic", 1, 1);
    const about = { model: "grey", trainingSeed: 0, samplingSeed: 0 };
    const { rows } = await evaluateModel(about, greyModel(stripes), set, [psnrToTruth, trueAccuracy], [5]);
    assert.deepEqual(
      rows.map(({ world, metric }) => [world, metric]),
      [
        ["stripes", "psnr"],
        ["stripes", "action-accuracy-true"],
      ],
    );
    assert.ok(rows[0].values[0] > 0 && rows[0].values[0] < 30);
  });
});
