/** Rewards of generated clips: the public face of `lib/rewards`. */
export { checkScores, checkWeights } from "./check.ts";
export { appearanceReward } from "./drift.ts";
export { fidelityReward } from "./fidelity.ts";
export {
  INTERACTION_VARIANTS,
  type InteractionVariant,
  interactionReward,
  interactionRewards,
} from "./interaction.ts";
export { revisitReward } from "./memory.ts";
export type { JudgedClip, Past, Reward, Scoring, Weighted } from "./reward.ts";
export { driftReward, visualReward } from "./visual.ts";
