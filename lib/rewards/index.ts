/** Rewards of generated clips: the public face of `lib/rewards`. */
export { appearanceReward } from "./drift.ts";
export { fidelityReward } from "./fidelity.ts";
export {
  INTERACTION_VARIANTS,
  type InteractionVariant,
  interactionReward,
  interactionRewards,
} from "./interaction.ts";
export { revisitReward } from "./memory.ts";
export { checkWeights, type JudgedClip, type Past, type Reward, type Weighted } from "./reward.ts";
export { driftReward, visualReward } from "./visual.ts";
