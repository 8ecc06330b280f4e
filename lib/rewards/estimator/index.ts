/** Which action was carried out, judged from frames alone: the public face of `lib/rewards/estimator`. */
export {
  type Estimator,
  estimateSteps,
  labelsOf,
  loadEstimator,
  makeEstimator,
  type StepEstimates,
} from "./estimator.ts";
export { type Pictures, readHeldOut } from "./evaluate.ts";
export { GROUP_BYTES, GROUP_FRAMES, GROUP_STEPS, groupsOfVideo } from "./groups.ts";
export { ESTIMATOR_KINDS, type EstimatorKind, estimatorKind, estimatorSpec } from "./kinds.ts";
