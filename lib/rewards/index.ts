/** Rewards of generated clips: the public face of `lib/rewards`. */
export { ACTION_REWARDS, type ActionRewardVariant, actionReward } from "./actions/reward.ts";
export { checkScores, checkWeights, scoresOf } from "./check.ts";
export { appearanceReward } from "./drift.ts";
export { fidelityReward } from "./fidelity.ts";
export { revisitReward } from "./memory.ts";
export type { JudgedClip, Past, Reward, Scoring, Weighted } from "./reward.ts";
export { driftReward, visualReward } from "./visual.ts";
