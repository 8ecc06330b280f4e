import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { TrainableWorldModel } from "../../../lib/model/worldModel.ts";
import { filtered } from "../../../lib/objective/filtered.ts";
import { nft } from "../../../lib/objective/nft.ts";
import type { Objective } from "../../../lib/objective/objective.ts";
import type { Reward } from "../../../lib/rewards/reward.ts";
import type { Exploration } from "../../../lib/rollout/explore.ts";
import { type Prompt, promptsOf } from "../../../lib/rollout/prompt.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { POST_TRAINING, type PostConfig } from "../../../lib/training/post/config.ts";
import { type PostTraining, postTrain } from "../../../lib/training/post/post.ts";
import { EVENTS } from "../../../lib/training/tensorboard.ts";
import { Rng } from "../../../lib/util/rng.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../../model/fake.ts";

/** A reward of one's own: bright frames. */
const brightness: Reward = {
  name: "brightness",
  score: (clips) => clips.map(({ frames }) => frames[frames.length - 1] / 255),
};
const indifferent: Reward = { name: "indifferent", score: (clips) => clips.map(() => 1) };

const CONFIG: PostConfig = {
  ...POST_TRAINING,
  iterations: 8,
  rollout: { ...POST_TRAINING.rollout, horizon: 2, prompts: 3, branches: 6 },
  update: { ...POST_TRAINING.update, keep: 2, lr: 0.05, warmup: 1, steps: 2, weightDecay: 0 },
};

describe("post-training with values of one's own", () => {
  let dir: string;
  let prompts: Prompt[];
  before(async () => {
    await openBackend();
    prompts = await promptsOf(courtyard, "rl", "combined", 3, 2);
  });
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "post-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const base = () => fakeModel({ centre: tf.scalar(0) });
  const options = (name: string, reward: Reward, config: PostConfig = CONFIG): PostTraining => ({
    dir: join(dir, name),
    base: base(),
    rewards: [{ reward, weight: 1 }],
    objective: nft(),
    // A curriculum of one's own: the deepest clip first.
    curriculum: (iteration, horizon) => horizon - 1 - (iteration % horizon),
    prompts: () => prompts,
    config,
    saveEvery: 2,
  });
  const centreOf = async (run: PostTraining): Promise<number> => (await postTrain(run)).centre.dataSync()[0];

  it("raises its reward; the placebo, with each group's rewards shuffled, does less than half of that", async () => {
    const trained = await centreOf(options("own", brightness));
    const placebo = await centreOf(options("placebo", brightness, { ...CONFIG, placebo: true }));
    assert.ok(trained > 0.1, `${trained}`);
    assert.ok(Math.abs(placebo) < trained / 2, `${placebo} against ${trained}`);
  });

  it("takes an objective of one's own: towards good candidates in proportion to their optimality, nothing else", async () => {
    const own: Objective = {
      name: "own",
      reference: false,
      loss: ({ xt, sigma, target, vTheta, optimality }) => {
        const clean = tf.sub(xt, tf.mul(tf.reshape(sigma, [-1, 1, 1]), vTheta));
        return tf.mul(optimality, tf.mean(tf.squaredDifference(clean, target), [1, 2]));
      },
    };
    assert.ok((await centreOf({ ...options("objective", brightness), objective: own })) > 0.1);
  });

  it("does not move where the candidates of a group do not differ in reward, and says so", async () => {
    assert.equal(await centreOf(options("dead", indifferent)), 0);
    const lines = readFileSync(join(dir, "dead", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n");
    for (const line of lines) assert.equal(JSON.parse(line)["charts/deadGroups"], 1);
  });

  it("a stopped run that goes on equals one without a break", async () => {
    await centreOf(options("broken", brightness, { ...CONFIG, iterations: 8 }));
    const whole = readFileSync(join(dir, "broken", "state.safetensors"));
    const parts = options("parts", brightness);
    // Stops in the middle: the reward of the sixth iteration fails.
    let calls = 0;
    const failing: Reward = {
      name: "brightness",
      score: (clips) => {
        if (++calls === 6) throw new Error("the scorer is gone");
        return brightness.score(clips);
      },
    };
    await assert.rejects(postTrain({ ...parts, rewards: [{ reward: failing, weight: 1 }] }), /the scorer is gone/);
    await postTrain(parts);
    assert.deepEqual(readFileSync(join(dir, "parts", "state.safetensors")), whole);
  });

  it("a finished run goes on where more iterations are asked for, to the bits of one that was long from the start", async () => {
    await centreOf(options("long", brightness));
    await centreOf(options("prolonged", brightness, { ...CONFIG, iterations: 4 }));
    await centreOf(options("prolonged", brightness));
    const [long, prolonged] = ["long", "prolonged"].map((name) => readFileSync(join(dir, name, "state.safetensors")));
    assert.deepEqual(prolonged, long);
  });

  it("trains at the depth that the curriculum says", async () => {
    await centreOf(options("depth", brightness));
    const lines = readFileSync(join(dir, "depth", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n");
    const depths = lines.map((line) => JSON.parse(line)["charts/depth"]).filter((depth) => depth !== undefined);
    assert.deepEqual(depths.slice(0, 4), [1, 0, 1, 0]);
  });

  it("trains the named parameters alone, the others keep their bits, and refuses to train none", async () => {
    const two = (): TrainableWorldModel => fakeModel({ centre: tf.scalar(0), idle: tf.scalar(0.3) });
    const run = { ...options("some", brightness), base: two(), trains: (name: string) => name === "centre" };
    const trained = await postTrain(run);
    assert.ok(trained.centre.dataSync()[0] > 0.1);
    assert.equal(trained.idle.dataSync()[0], Math.fround(0.3));
    await assert.rejects(postTrain({ ...run, dir: join(dir, "none"), trains: () => false }), /trains no parameter/);
  });

  it("tells TensorBoard what the last save measured, too", async () => {
    const run = options("events", brightness, { ...CONFIG, iterations: 2 });
    await postTrain({ ...run, onSave: (_, iteration) => ({ "probe/reached": iteration }) });
    const events = readFileSync(join(run.dir, EVENTS)).toString("latin1");
    assert.ok(events.includes("probe/reached") && events.includes("losses/"));
  });

  it("refuses what is out of range before anything is rolled out, naming it", async () => {
    const { update, rollout, policies } = CONFIG;
    const wrong: [string, PostConfig][] = [
      ...[-1e-4, 0, Number.NaN, Number.POSITIVE_INFINITY].map((lr): [string, PostConfig] => [
        "update.lr",
        { ...CONFIG, update: { ...update, lr } },
      ]),
      ["update.clipNorm", { ...CONFIG, update: { ...update, clipNorm: 0 } }],
      ["update.weightDecay", { ...CONFIG, update: { ...update, weightDecay: -1 } }],
      ["update.adamwScale", { ...CONFIG, update: { ...update, adamwScale: -2 } }],
      ["update.warmup", { ...CONFIG, update: { ...update, warmup: -5 } }],
      ["update.warmup", { ...CONFIG, update: { ...update, warmup: 0.5 } }],
      ["update.keep", { ...CONFIG, update: { ...update, keep: 4 } }],
      ["update.sigmas", { ...CONFIG, update: { ...update, sigmas: 1000 } }],
      ["update.anchorWindows", { ...CONFIG, update: { ...update, anchorWindows: 0 } }],
      ["policies.ema", { ...CONFIG, policies: { ...policies, ema: 1.5 } }],
      ["policies.oldMax", { ...CONFIG, policies: { ...policies, oldMax: 2 } }],
      ["policies.oldSlope", { ...CONFIG, policies: { ...policies, oldSlope: -0.1 } }],
      ["rollout.combined", { ...CONFIG, rollout: { ...rollout, combined: 1.1 } }],
      ["rollout.branches", { ...CONFIG, rollout: { ...rollout, branches: 2.5 } }],
      [
        "rollout.explore.perturbed",
        { ...CONFIG, rollout: { ...rollout, explore: { ...rollout.explore, perturbed: 7 } } },
      ],
      ["seed", { ...CONFIG, seed: 1.5 }],
      ["seed", { ...CONFIG, seed: -1 }],
    ];
    for (const [name, config] of wrong) {
      const run = options("wrong", brightness, config);
      const never = () => assert.fail("something was rolled out");
      await assert.rejects(postTrain({ ...run, prompts: never }), new RegExp(`UserError: .*${name}`), name);
      assert.ok(!existsSync(run.dir), `${name}: something was written`);
    }
  });

  it("takes an exploration of one's own", async () => {
    const asked: number[] = [];
    const own: Exploration = (_, count, key) =>
      Array.from({ length: count }, (_, b) => {
        asked.push(b);
        return { rng: Rng.of(...key, "own", b) };
      });
    await centreOf({ ...options("exploration", brightness, { ...CONFIG, iterations: 1 }), exploration: own });
    assert.equal(asked.length, 3 * 6);
  });

  it("refuses to go on with another reward, weight or objective than it began with", async () => {
    const short = { ...CONFIG, iterations: 1 };
    await centreOf(options("same", brightness, short));
    await assert.rejects(postTrain(options("same", indifferent, short)), /rewards\.brightness is 1 instead of/);
    const run = options("same", brightness, short);
    await assert.rejects(postTrain({ ...run, rewards: [{ reward: brightness, weight: 2 }] }), /is 1 instead of 2/);
    await assert.rejects(postTrain({ ...run, objective: filtered() }), /objective is "nft" instead of "filtered"/);
  });

  it("refuses a curriculum that leaves the video", async () => {
    for (const clip of [2, -1, 0.5, Number.NaN])
      await assert.rejects(
        postTrain({ ...options(`c${clip}`, brightness), curriculum: () => clip }),
        /the curriculum gives .* in iteration 0\n {2}-> let it give a clip, 0 to 1/,
      );
  });

  it("refuses an anchor without data, counts that are none, and a reward that gives too few scores", async () => {
    const anchored = { ...CONFIG, update: { ...CONFIG.update, anchor: 1 } };
    await assert.rejects(postTrain(options("a", brightness, anchored)), /anchor weight without real data/);
    await assert.rejects(postTrain(options("b", brightness, { ...CONFIG, iterations: 0 })), /iterations is 0/);
    const short: Reward = { name: "short", score: () => [1] };
    await assert.rejects(postTrain(options("c", short)), /"short" returned 1 scores for 18 clips/);
  });
});
