/** Everything that a post-training run needs, read from the shipped checkpoints. */
import { existsSync } from "node:fs";
import { type LoadedModel, loadModelParams } from "../../model/legacy/publish.ts";
import { loadTokeniser, type Tokeniser } from "../../model/tokeniser/tokeniser.ts";
import { type Estimator, loadEstimator } from "../../rewards/estimator/index.ts";
import {
  appearanceReward,
  driftReward,
  fidelityReward,
  interactionRewards,
  revisitReward,
  visualReward,
  type Weighted,
} from "../../rewards/index.ts";
import { loadPreference, type Preference } from "../../rewards/preference/index.ts";
import { fromRoot } from "../../util/root.ts";
import { openDataset } from "../../world/data/index.ts";
import { type Corpus, openCorpus } from "../pretraining/corpus.ts";
import type { PostTrainConfig } from "./config.ts";
import { type Lab, makeLab, weighRewards } from "./lab.ts";

/** What runs of any config are made from; opened once, shared by all. */
export interface Sources {
  /** The base model. */
  model: LoadedModel;
  tokeniser: Tokeniser;
  /** Of the interaction reward. */
  estimator: Estimator;
  /** Of the visual rewards, where it has been trained. */
  preference?: Preference;
  /** Real data for the anchor. */
  corpus(): Promise<Corpus>;
}

export function openSources({ base = "checkpoints/base", data = "data/shards/pretrain" } = {}): Sources {
  const tokeniser = loadTokeniser();
  const judged = existsSync(fromRoot("checkpoints/preference/config.json"));
  return {
    model: loadModelParams(base),
    tokeniser,
    estimator: loadEstimator("reward"),
    preference: judged ? loadPreference() : undefined,
    corpus: async () => openCorpus(await openDataset(data), tokeniser),
  };
}

/** The rewards that need no judge: of the look of the video's beginning, and of what was seen before. */
function memoryRewards({ rewards, rollout }: PostTrainConfig): Weighted[] {
  const looks = weighRewards([
    [fidelityReward(), rewards.fidelity],
    [appearanceReward(), rewards.appearance],
  ]).filter(({ weight }) => weight !== 0);
  return rollout.revisits > 0 ? [...looks, { reward: revisitReward(), weight: rewards.memory }] : looks;
}

/**
 * The rewards that count and, watched beside them, the exact accuracy, the visual score where there is a judge, and the
 * likeness at revisits where there are any.
 */
export function rewardsOf(config: PostTrainConfig, { estimator, preference }: Sources): Weighted[] {
  const { variant, interaction, visual: visualWeight, drift } = config.rewards;
  const [counted, ...watched] = interactionRewards(estimator, [...new Set([variant, "exact" as const])]);
  const following = [...weighRewards([[counted, interaction]], watched), ...memoryRewards(config)];
  if (!preference && visualWeight === 0 && drift === 0) return following;
  // Without a judge that is needed, loading says what to do.
  const judge = preference ?? loadPreference();
  const visual: Weighted[] = [{ reward: visualReward(judge), weight: visualWeight }];
  if (drift > 0) visual.push({ reward: driftReward(judge), weight: drift });
  return [...following, ...visual];
}

/** SHA-256 of what a run is made from, by name. */
export function sourceHashes({ model, tokeniser, estimator, preference }: Sources): Record<string, string> {
  const hashes = { base: model.sha256, tokeniser: tokeniser.sha256, "estimator-reward": estimator.sha256 };
  return preference ? { ...hashes, preference: preference.sha256 } : hashes;
}

export async function openLab(config: PostTrainConfig, sources: Sources): Promise<Lab> {
  const { model, tokeniser } = sources;
  const corpus = config.anchor.weight > 0 ? await sources.corpus() : undefined;
  const rewards = rewardsOf(config, sources);
  return makeLab({ config, base: model.params, shape: model.shape, tokeniser, rewards, corpus });
}
