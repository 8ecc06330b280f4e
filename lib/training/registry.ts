/**
 * What the names in configs and on command lines stand for: rewards, objectives, curricula and explorations, in one place. A
 * value of one's own needs no name; it is passed to `postTrain` as it is.
 */
import { join } from "node:path";
import { filtered } from "../objective/filtered.ts";
import { type NftConfig, nft } from "../objective/nft.ts";
import type { Objective } from "../objective/objective.ts";
import { loadActionEstimator } from "../rewards/actions/estimators.ts";
import type { ActionEstimator } from "../rewards/actions/reading.ts";
import { type ActionRewardVariant, actionReward } from "../rewards/actions/reward.ts";
import { loadPreference, type Preference } from "../rewards/preference/preference.ts";
import type { Reward } from "../rewards/reward.ts";
import { driftReward, visualReward } from "../rewards/visual.ts";
import { type Curriculum, curriculum } from "../rollout/curriculum.ts";
import { type Exploration, type ExplorationConfig, exploration, NO_EXPLORATION } from "../rollout/explore.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { advise } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { once } from "../util/once.ts";

/** The networks that built-in rewards are made of; each is loaded when a reward asks for it. */
export interface RewardNetworks {
  estimator(): ActionEstimator;
  preference(): Preference;
}

/** What makes a part of each kind. */
export interface Makers {
  reward: (evaluators: RewardNetworks) => Reward;
  objective: (options: Partial<NftConfig>) => Objective;
  curriculum: () => Curriculum;
  exploration: (config: ExplorationConfig) => Exploration;
}

const byActions =
  (variant: ActionRewardVariant): Makers["reward"] =>
  (evaluators) =>
    actionReward(evaluators.estimator(), variant);

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

/**
 * The names of a kind, in the order of the registry.
 * @example
 * ```ts
 * import { namesOf } from "worldcompass";
 * console.log(namesOf("curriculum").join(", ")); // => min2max, max2min, random, progressive
 * ```
 */
export const namesOf = <K extends keyof Makers>(kind: K): NameOf<K>[] => Object.keys(REGISTRY[kind]) as NameOf<K>[];

/**
 * What makes a reward, objective, curriculum or exploration of a name: what configs and command lines mean by it.
 *
 * @throws UserError where there is none of that name, with the nearest one that there is
 * @example
 * ```ts
 * import { lookUp } from "worldcompass";
 * const curriculum = lookUp("curriculum", "max2min")();
 * console.log([0, 1, 2].map((iteration) => curriculum(iteration, 3, 0)).join(" ")); // => 2 1 0
 * ```
 */
export function lookUp<K extends keyof Makers>(kind: K, name: string): Makers[K] {
  const known: Readonly<Record<string, unknown>> | undefined = Object.hasOwn(REGISTRY, kind)
    ? REGISTRY[kind]
    : undefined;
  if (!known)
    throw new UserError(`there are no parts of kind "${kind}"`, `choose one of ${Object.keys(REGISTRY).join(", ")}`);
  if (Object.hasOwn(known, name)) return known[name] as Makers[K];
  throw new UserError(
    `there is no ${kind} "${name}"`,
    advise(name, Object.keys(known), (other) => other),
  );
}

/** The networks of a folder, loaded when they are first asked for. */
export const rewardNetworksIn = (networks: string): RewardNetworks => ({
  estimator: once(() => loadActionEstimator(networks, "reward")),
  preference: once(() => loadPreference(join(networks, "preference"))),
});

/**
 * A built-in reward by its name: `interaction` (the paper's mean of translation and rotation accuracy, 0..1),
 * `interactionSoft`, `interactionExact`, `interactionNear` (0..1), `visual` (logits of the preference model), `visualDrift`
 * (minus the change of that score since the first picture; WorldCompass, arXiv 2602.09022, section 3.2).
 *
 * @param networks folder of a world's trained networks, for example `checkpoints/courtyard`
 * @throws UserError where there is no reward of that name, or a network that it needs is missing
 * @example
 * ```ts
 * import { loadReward } from "worldcompass";
 * const reward = await loadReward("interaction", "networks");
 * console.log(reward.name); // => interaction-hard
 * ```
 */
export async function loadReward(name: string, networks: string): Promise<Reward> {
  await openBackend();
  return lookUp("reward", name)(rewardNetworksIn(networks));
}
