/** `npm run train:post`: post-trains the base model by reinforcement learning, or resumes. */
import { existsSync } from "node:fs";
import { openBackend } from "../backend/backend.ts";
import { openDataset } from "../dataset/index.ts";
import { loadEstimator } from "../estimator/index.ts";
import { loadModelParams, publishWorldModel } from "../model/publish.ts";
import { POST_TRAINING, type PostTrainConfig } from "../posttraining/config.ts";
import { makeLab, weighRewards } from "../posttraining/lab.ts";
import { postTrainingCard } from "../posttraining/report.ts";
import { postTrain } from "../posttraining/train.ts";
import { loadPreference } from "../preference/index.ts";
import { openCorpus } from "../pretraining/corpus.ts";
import {
  driftReward,
  interactionRewards,
  interactionVariantOf,
  visualReward,
  type Weighted,
} from "../rewards/index.ts";
import { loadTokeniser } from "../tokeniser/tokeniser.ts";
import { parseOptions, runMain } from "./options.ts";

const DEFAULTS = {
  base: "checkpoints/base",
  /** Real data for the anchor, read where its weight is above 0. */
  data: "data/shards/pretrain",
  out: "runs/post",
  /** Where to ship the result; empty: nowhere. */
  publish: "",
  saveEvery: 10,
  sampleEvery: 20,
  threads: 0,
  ...POST_TRAINING,
};

/** The rewards that count, the exact accuracy to watch, and the hash of every judge. */
function openRewards({ interaction, interactionWeight, visualWeight, driftWeight }: PostTrainConfig) {
  const estimator = loadEstimator("reward");
  const variant = interactionVariantOf(interaction);
  const [counted, exact] = interactionRewards(estimator, [variant, "exact"]);
  const judges: Record<string, string> = { "estimator-reward": estimator.sha256 };
  const visual: Weighted[] = [];
  if (visualWeight > 0 || driftWeight > 0 || existsSync("checkpoints/preference/config.json")) {
    const preference = loadPreference();
    judges.preference = preference.sha256;
    visual.push({ reward: visualReward(preference), weight: visualWeight });
    if (driftWeight > 0) visual.push({ reward: driftReward(preference), weight: driftWeight });
  }
  return { rewards: [...weighRewards([[counted, interactionWeight]], [exact]), ...visual], judges };
}

runMain(async () => {
  const { base: baseDir, data, out, publish, saveEvery, sampleEvery, threads, ...config } = parseOptions(DEFAULTS);
  const backend = await openBackend({ threads: threads || undefined });
  const { params: base, shape, sha256 } = loadModelParams(baseDir);
  const tokeniser = loadTokeniser();
  const { rewards, judges } = openRewards(config);
  const corpus = config.anchorWeight > 0 ? openCorpus(await openDataset(data), tokeniser) : undefined;
  const lab = makeLab({ config, base, shape, tokeniser, rewards, corpus });
  const checkpoints = { base: sha256, tokeniser: tokeniser.sha256, ...judges };
  const averaged = await postTrain({ dir: out, lab, backend, checkpoints, saveEvery, sampleEvery });
  if (!publish) return;
  publishWorldModel(publish, averaged, shape, { ...config, checkpoints }, postTrainingCard(lab, out));
  console.log(`${publish}: written`);
});
