/** An arm of `group.test.ts`: post-trains the fake model, and dies once where it is told to. */
import { existsSync, writeFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import type { RunArm } from "../../../lib/experiments/group/arm-task.ts";
import { nft } from "../../../lib/objective/nft.ts";
import type { Reward } from "../../../lib/rewards/reward.ts";
import { promptsOf } from "../../../lib/rollout/prompt.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { POST_TRAINING } from "../../../lib/training/post/config.ts";
import { postTrain } from "../../../lib/training/post/post.ts";
import { readMetrics } from "../../../lib/training/run.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { fakeModel } from "../../model/fake.ts";

export interface ArmConfig {
  readonly lr: number;
  /** Dies after the second save where this file is not there yet. */
  readonly dies?: string;
  readonly fails?: boolean;
}

const brightness: Reward = { name: "brightness", score: (clips) => clips.map(({ frames }) => frames[0] / 255) };

const run: RunArm = async ({ lr, dies, fails }: ArmConfig, { dir, save }) => {
  if (fails) throw new Error("this arm fails");
  await openBackend({ prefer: "wasm" });
  const prompts = await promptsOf(courtyard, "rl", "basic", 2, 1);
  const trained = await postTrain({
    dir,
    base: fakeModel({ centre: tf.scalar(0) }),
    rewards: [{ reward: brightness, weight: 1 }],
    objective: nft(),
    curriculum: () => 0,
    prompts: () => prompts,
    config: {
      ...POST_TRAINING,
      iterations: 4,
      rollout: { ...POST_TRAINING.rollout, horizon: 1, prompts: 2, branches: 4 },
      update: { ...POST_TRAINING.update, keep: 1, steps: 1, lr },
    },
    saveEvery: 1,
    // What was saved is sent before a worker dies.
    onSave: async (_, iteration) => {
      await save();
      if (dies && iteration === 3 && !existsSync(dies)) {
        writeFileSync(dies, "");
        process.kill(process.pid, "SIGKILL");
      }
      return {};
    },
  });
  return { centre: trained.centre.dataSync()[0], steps: readMetrics(dir).length, pid: process.pid };
};
export default run;
