/** Each kind of training at the size of the networks that are shipped, on random data: what is compared are bits. */

import { depthConfig } from "../../lib/model/depth/config.ts";
import { DIT_DEFAULTS, type DitConfig, latentSize } from "../../lib/model/dit/config.ts";
import { ditSpec } from "../../lib/model/dit/spec.ts";
import { makeTrainableDit } from "../../lib/model/dit/trainable.ts";
import { initParams } from "../../lib/model/nn/params.ts";
import { FRAME_BYTES } from "../../lib/model/tokeniser/config.ts";
import type { Tokeniser } from "../../lib/model/tokeniser/tokeniser.ts";
import { nft } from "../../lib/objective/nft.ts";
import { DESIGNS } from "../../lib/rewards/actions/classifier.ts";
import { gridOf } from "../../lib/rewards/actions/features.ts";
import { promptsOf } from "../../lib/rollout/prompt.ts";
import { classifierTraining, trainClassifier } from "../../lib/training/actions/train.ts";
import { BASE_TRAINING } from "../../lib/training/base/config.ts";
import { trainBase } from "../../lib/training/base/train.ts";
import { depthTraining, trainDepth } from "../../lib/training/depth/train.ts";
import { POST_TRAINING } from "../../lib/training/post/config.ts";
import { postTrain } from "../../lib/training/post/post.ts";
import { tokeniserTraining, trainTokeniser } from "../../lib/training/tokeniser/train.ts";
import { Rng } from "../../lib/util/rng.ts";
import { ACTIONS } from "../../lib/world/actions.ts";
import { courtyard } from "../../lib/world/courtyard/courtyard.ts";
import { SMALL } from "../model/dit/small.ts";
import { corpus } from "../training/base/corpus.ts";

export const MODEL: DitConfig = { ...SMALL, ...DIT_DEFAULTS };
const { camera } = courtyard;
const pixels = camera.width * camera.height;

/** Knows how large latents and pictures are; what they show does not matter here. */
export const tokeniser = {
  channels: MODEL.latent.channels,
  encode: () => new Float32Array(latentSize(MODEL.latent)),
  decodeGroups: (latents: Float32Array) => {
    const [size, group] = [latentSize(MODEL.latent), 4 * pixels * 3];
    const level = (i: number): number => latents[size * Math.floor(i / group) + (i % size)];
    return Uint8Array.from({ length: (latents.length / size) * group }, (_, i) => 100 * Math.abs(level(i)));
  },
} as unknown as Tokeniser;

const bytes = (size: number, ...key: (string | number)[]): Uint8Array => {
  const rng = Rng.of("bytes", ...key);
  return Uint8Array.from({ length: size }, () => rng.int(256));
};
const PICTURES = 24;

/** The network's own weights are kept from one process to the next, as they are when a run is resumed. */
export const TRAININGS: Readonly<Record<string, (dir: string, steps: number) => Promise<unknown>>> = {
  base: (dir, steps) =>
    trainBase({
      ...{ dir, steps, model: MODEL, corpus, validation: corpus, tokeniser },
      config: { ...BASE_TRAINING, batch: 1, ownEvery: 0 },
    }),
  post: async (dir, steps) => {
    const prompts = await promptsOf(courtyard, "rl", "combined", 1, 1);
    return postTrain({
      ...{ dir, objective: nft(), curriculum: () => 0, prompts: () => prompts, saveEvery: 100 },
      base: makeTrainableDit(initParams(ditSpec(MODEL), 0), MODEL, tokeniser),
      rewards: [
        {
          weight: 1,
          reward: {
            name: "brightness",
            score: (clips) => clips.map(({ frames }) => frames.reduce((a, b) => a + b, 0)),
          },
        },
      ],
      config: {
        ...POST_TRAINING,
        iterations: steps,
        rollout: { ...POST_TRAINING.rollout, horizon: 1, prompts: 1, branches: 2 },
        update: { ...POST_TRAINING.update, keep: 1, sigmas: 1, steps: 1 },
      },
    });
  },
  tokeniser: (dir, steps) => {
    const videos = [0, 1].map((i) => bytes(9 * FRAME_BYTES, "video", i));
    return trainTokeniser(dir, { count: 2, frames: (i) => videos[i] }, tokeniserTraining.parse({ steps, batch: 2 }));
  },
  depth: (dir, steps) => {
    const logDepths = Float32Array.from(Rng.of("depths").normals(PICTURES * pixels));
    const bank = {
      camera,
      versions: [bytes(PICTURES * pixels * 3, "depth")],
      logDepths,
      pitches: new Float32Array(PICTURES),
    };
    return trainDepth(dir, bank, depthConfig(courtyard), depthTraining.parse({ steps, batch: 2 }));
  },
  classifier: (dir, steps) => {
    const [design] = DESIGNS;
    const { rows, columns } = gridOf(camera);
    const features = new Int8Array(bytes(PICTURES * rows * columns * design.channels, "features"));
    const actions = Uint8Array.from({ length: PICTURES }, (_, i) => i % ACTIONS);
    return trainClassifier(
      dir,
      { design, camera, versions: [features], actions },
      classifierTraining.parse({ features: design.name, steps, batch: 2 }),
    );
  },
};
