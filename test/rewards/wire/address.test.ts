import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { evaluateAnybody } from "../../../lib/evaluation/anybody/evaluate.ts";
import { nft } from "../../../lib/objective/nft.ts";
import { fidelityReward } from "../../../lib/rewards/fidelity.ts";
import { rewardInputs } from "../../../lib/rewards/inputs.ts";
import { openRemotes, parseRemote } from "../../../lib/rewards/wire/address.ts";
import { serveReward } from "../../../lib/rewards/wire/server.ts";
import { promptsOf } from "../../../lib/rollout/prompt.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { POST_TRAINING } from "../../../lib/training/post/config.ts";
import { postTrain } from "../../../lib/training/post/post.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../../model/fake.ts";

const FRAME = 80 * 48 * 3;

describe("rewards at an address", () => {
  it("are named with a weight and an address, and nothing else", () => {
    assert.deepEqual(parseRemote("mine=http://127.0.0.1:8000"), {
      name: "mine",
      weight: 1,
      url: "http://127.0.0.1:8000",
    });
    assert.deepEqual(parseRemote(" a b =0.5*https://x/y=z"), { name: "a b", weight: 0.5, url: "https://x/y=z" });
    const wrong: [string, RegExp][] = [
      ["http://127.0.0.1:8000", /"http" is no|is no reward at an address/],
      ["mine", /"mine" is no reward at an address/],
      ["mine=", /"" is no http address/],
      ["mine=8000", /"8000" is no http address/],
      ["mine=ftp://x", /"ftp:\/\/x" is no http address/],
      ["mine=-1*http://x", /a weight of "-1"/],
      ["mine=*http://x", /a weight of ""/],
      ["mine=two*http://x", /a weight of "two"/],
    ];
    for (const [text, message] of wrong) assert.throws(() => parseRemote(text), message, text);
  });

  it("two of one name are refused, and one that does not answer is one line", async () => {
    await assert.rejects(
      openRemotes(["a=http://127.0.0.1:1", "a=http://127.0.0.1:2"], courtyard.camera),
      /two rewards are called "a"/,
    );
  });

  it("judge whole videos clip by clip, with what came before", () => {
    const video = Uint8Array.from({ length: 32 * FRAME }, (_, i) => Math.floor(i / FRAME));
    const actions = Uint8Array.of(0, 9, 9, 9, 1, 1, 1, 1);
    const poses = Array.from({ length: 32 }, (_, x) => ({ x, z: 0, yaw: 0, pitch: 0 }));
    const [first, second, ...none] = rewardInputs(video, FRAME, actions, poses);
    assert.equal(none.length, 0);
    assert.deepEqual([first.frames.length / FRAME, first.actions.length, first.history], [13, 12, undefined]);
    assert.deepEqual([second.frames[0], second.frames.length / FRAME], [12, 17]);
    assert.deepEqual([...second.actions], new Array(16).fill(1));
    assert.deepEqual(
      [second.history?.poses.length, second.history?.upcoming[0].x, second.history?.frames().length],
      [13, 13, 13 * FRAME],
    );
  });
});

describe("a reward over HTTP in training and evaluation", () => {
  let dir: string;
  before(async () => {
    await openBackend();
    dir = mkdtempSync(join(tmpdir(), "remote-"));
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("a server that dies in the middle of a run ends it with one line; started again it ends as if nothing had been", async () => {
    const brightness = {
      name: "brightness",
      score: (clips: readonly { frames: Uint8Array }[]) => clips.map(({ frames }) => frames[frames.length - 1] / 255),
    };
    const prompts = await promptsOf(courtyard, "rl", "combined", 2, 2);
    const run = (name: string, reward: Parameters<typeof postTrain>[0]["rewards"]) =>
      postTrain({
        dir: join(dir, name),
        base: fakeModel({ centre: tf.scalar(0) }),
        rewards: reward,
        objective: nft(),
        curriculum: (iteration) => iteration % 2,
        prompts: () => prompts,
        config: {
          ...POST_TRAINING,
          iterations: 6,
          rollout: { ...POST_TRAINING.rollout, horizon: 2, prompts: 2, branches: 4 },
          update: { ...POST_TRAINING.update, keep: 1, lr: 0.05, warmup: 1, steps: 1, weightDecay: 0 },
        },
        saveEvery: 1,
      });
    await run("here", [{ reward: { ...brightness, name: "mine" }, weight: 1 }]);
    let scored = 0;
    let dead = false;
    const dying = await serveReward({
      reward: {
        name: "brightness",
        score: (clips) => {
          if (++scored === 3) dead = true;
          return brightness.score(clips);
        },
      },
    });
    const [first] = await openRemotes([`mine=${dying.url}`], courtyard.camera);
    const impatient = {
      ...first,
      reward: {
        name: "mine",
        score: async (clips: Parameters<typeof first.reward.score>[0]) => {
          if (dead) await dying.close();
          return first.reward.score(clips);
        },
      },
    };
    await assert.rejects(
      run("remote", [impatient]),
      /the scorer "mine" at http:\S+ does not answer.*a run goes on from its last state/s,
    );
    const again = await serveReward({ reward: brightness });
    await run("remote", await openRemotes([`mine=${again.url}`], courtyard.camera));
    await again.close();
    const state = (name: string): Buffer => readFileSync(join(dir, name, "state.safetensors"));
    assert.deepEqual(state("remote"), state("here"));
  });

  it("stands in the laboratory's table", async () => {
    const server = await serveReward({
      reward: { name: "x", score: (clips) => clips.map(({ actions }) => actions.length) },
    });
    const rewards = await openRemotes([`length=${server.url}`], courtyard.camera);
    const video = { name: "a", video: new Uint8Array(29 * FRAME), actions: new Uint8Array(8) };
    const evaluators = { estimators: [], about: [], lacking: [] };
    const report = await evaluateAnybody([video], {
      name: "t",
      evaluators,
      rewards: rewards.map(({ reward }) => reward),
    });
    await server.close();
    const row = report.rows.find(({ metric }) => metric === "length");
    assert.deepEqual([row?.topic, row?.mean], ["rewards", 14]);
  });

  it("npm run scorer serves ours, with the scores that it gives here", async function () {
    this.timeout(120_000);
    const command = ["--import", "tsx", "lib/cli/scorer.ts", "--reward", "fidelity", "--port", "0"];
    const child: ChildProcess = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const line = await new Promise<string>((resolve) => child.stdout?.once("data", (text) => resolve(String(text))));
      const [url] = /http:\/\/[\d.:]+/.exec(line) ?? [];
      const [remote] = await openRemotes([`theirs=${url}`], courtyard.camera);
      const clip = {
        frames: new Uint8Array(17 * FRAME).fill(90),
        first: new Uint8Array(FRAME),
        actions: new Int32Array(16),
      };
      assert.deepEqual(await remote.reward.score([clip]), fidelityReward(courtyard.camera).score([clip]));
    } finally {
      child.kill();
    }
  });
});
