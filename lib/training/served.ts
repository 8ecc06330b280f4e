/** Rewards of ours that `npm run scorer` serves: those of the registry, and three that need no trained network. */
import { appearanceReward } from "../rewards/drift.ts";
import { fidelityReward } from "../rewards/fidelity.ts";
import { revisitReward } from "../rewards/memory.ts";
import type { Reward } from "../rewards/reward.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { HEIGHT, PITCH_STEP, TRANSLATION_STEP, WIDTH, YAW_STEP } from "../world/config.ts";
import { lookUp, namesOf, rewardNetworksIn } from "./registry.ts";

interface Entry {
  readonly make: () => Reward;
  /** Looks at the frames before a clip. */
  readonly needsPast: boolean;
}

/** Clips come in the laboratory's size, under its steps. */
const camera = { width: WIDTH, height: HEIGHT };
const step = { translation: TRANSLATION_STEP, yaw: YAW_STEP, pitch: PITCH_STEP };

const WITHOUT_NETWORK: Readonly<Record<string, Entry>> = {
  fidelity: { make: () => fidelityReward(camera), needsPast: false },
  appearanceDrift: { make: () => appearanceReward(camera), needsPast: true },
  revisit: { make: () => revisitReward({ camera, step }), needsPast: true },
};

export const SERVED: readonly string[] = [...namesOf("reward"), ...Object.keys(WITHOUT_NETWORK)];

export interface Served {
  readonly reward: Reward;
  readonly needsPast: boolean;
}

/**
 * @param networks folder of a world's networks
 * @throws UserError where there is no such reward, or a network that it needs is missing
 */
export async function openServed(name: string, networks: string, threads?: number): Promise<Served> {
  if (Object.hasOwn(WITHOUT_NETWORK, name)) {
    const { make, needsPast } = WITHOUT_NETWORK[name];
    return { reward: make(), needsPast };
  }
  const make = lookUp("reward", name);
  await openBackend({ threads });
  return { reward: make(rewardNetworksIn(networks)), needsPast: false };
}
