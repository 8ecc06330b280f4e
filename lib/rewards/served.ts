/** Rewards of ours that `npm run scorer` serves: by name, with what each needs. */
import { join } from "node:path";
import { openBackend } from "../runtime/backend/backend.ts";
import { loadActionEstimator } from "./actions/estimators.ts";
import { type ActionRewardVariant, actionRewards } from "./actions/reward.ts";
import { appearanceReward } from "./drift.ts";
import { fidelityReward } from "./fidelity.ts";
import { revisitReward } from "./memory.ts";
import { loadPreference } from "./preference/index.ts";
import type { Reward } from "./reward.ts";
import { driftReward, visualReward } from "./visual.ts";

interface Entry {
  /** @param networks folder of a world's networks */
  make(networks: string): Reward;
  /** Made of trained networks, which want a computing backend. */
  readonly network?: boolean;
  /** Looks at the frames before a clip. */
  readonly needsPast?: boolean;
}

const byActions = (variant: ActionRewardVariant): Entry => ({
  make: (networks) => actionRewards(loadActionEstimator(networks, "reward"), [variant])[0],
  network: true,
});
const preferenceIn = (networks: string) => loadPreference(join(networks, "preference"));

const ENTRIES: Readonly<Record<string, Entry>> = {
  interaction: byActions("hard"),
  interactionSoft: byActions("soft"),
  interactionExact: byActions("exact"),
  interactionNear: byActions("near"),
  visual: { make: (networks) => visualReward(preferenceIn(networks)), network: true },
  visualDrift: { make: (networks) => driftReward(preferenceIn(networks)), network: true },
  fidelity: { make: fidelityReward },
  appearanceDrift: { make: appearanceReward, needsPast: true },
  revisit: { make: revisitReward, needsPast: true },
};

export const SERVED = Object.keys(ENTRIES);

export interface Served {
  readonly reward: Reward;
  readonly needsPast: boolean;
}

/** @throws UserError where a network that it needs is missing */
export async function openServed(name: string, networks: string, threads?: number): Promise<Served> {
  const { make, network, needsPast = false } = ENTRIES[name];
  if (network) await openBackend({ threads });
  return { reward: make(networks), needsPast };
}
