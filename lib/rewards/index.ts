/** Rewards of generated clips: the public face of `lib/rewards`. */
export {
  INTERACTION_VARIANTS,
  type InteractionVariant,
  interactionReward,
  interactionRewards,
  interactionVariantOf,
} from "./interaction.ts";
export { checkWeights, type JudgedClip, type Reward, type Weighted } from "./reward.ts";
export { driftReward, visualReward } from "./visual.ts";
