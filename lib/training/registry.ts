/**
 * What the names in configs and on command lines stand for: rewards, objectives, curricula and explorations, in one place. A
 * value of one's own needs no name; it is passed to `postTrain` as it is.
 */
import { filtered } from "../objective/filtered.ts";
import { type NftConfig, nft } from "../objective/nft.ts";
import type { Objective } from "../objective/objective.ts";
import type { ActionEstimator } from "../rewards/actions/reading.ts";
import { type ActionRewardVariant, actionRewards } from "../rewards/actions/reward.ts";
import type { Preference } from "../rewards/preference/preference.ts";
import type { Reward } from "../rewards/reward.ts";
import { driftReward, visualReward } from "../rewards/visual.ts";
import { type Curriculum, curriculum } from "../rollout/curriculum.ts";
import { type Exploration, type ExplorationConfig, exploration, NO_EXPLORATION } from "../rollout/explore.ts";
import { advise } from "../util/config.ts";
import { UserError } from "../util/errors.ts";

/** The networks that built-in rewards are made of; each is loaded when a reward asks for it. */
export interface Judges {
  estimator(): ActionEstimator;
  preference(): Preference;
}

/** What makes a part of each kind. */
export interface Makers {
  reward: (judges: Judges) => Reward;
  objective: (options: Partial<NftConfig>) => Objective;
  curriculum: () => Curriculum;
  exploration: (config: ExplorationConfig) => Exploration;
}

const byActions =
  (variant: ActionRewardVariant): Makers["reward"] =>
  (judges) =>
    actionRewards(judges.estimator(), [variant])[0];

const REGISTRY = {
  reward: {
    interaction: byActions("hard"),
    interactionSoft: byActions("soft"),
    interactionExact: byActions("exact"),
    interactionNear: byActions("near"),
    visual: ({ preference }) => visualReward(preference()),
    visualDrift: ({ preference }) => driftReward(preference()),
  },
  objective: { nft, filtered: () => filtered() },
  curriculum: {
    min2max: () => curriculum("min2max"),
    max2min: () => curriculum("max2min"),
    random: () => curriculum("random"),
    progressive: () => curriculum("progressive"),
  },
  exploration: { noise: () => exploration(NO_EXPLORATION), mixed: exploration },
} satisfies { [K in keyof Makers]: Readonly<Record<string, Makers[K]>> };

type Registry = typeof REGISTRY;
export type NameOf<K extends keyof Makers> = keyof Registry[K] & string;

/** The names of a kind. */
export const namesOf = <K extends keyof Makers>(kind: K): NameOf<K>[] => Object.keys(REGISTRY[kind]) as NameOf<K>[];

/** @throws UserError where there is none of that name, with the nearest one that there is */
export function lookUp<K extends keyof Makers>(kind: K, name: string): Makers[K] {
  const known: Readonly<Record<string, unknown>> = REGISTRY[kind];
  if (Object.hasOwn(known, name)) return known[name] as Makers[K];
  throw new UserError(
    `there is no ${kind} "${name}"`,
    advise(name, Object.keys(known), (other) => other),
  );
}
