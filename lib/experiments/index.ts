/** Comparisons of post-trainings, run and recorded: the public face of `lib/experiments`. */
export {
  ARMS,
  type Arm,
  defaultSeeds,
  folderOf,
  GROUPS,
  type Group,
  type Job,
  jobOf,
  jobsOf,
  OBEDIENCE,
  OBEDIENCE_MEMORY,
} from "./arms.ts";
export { controlConfig, trainedClips } from "./control.ts";
export { type DriftRunner, type DriftSeedProfile, driftSeedProfile, runDriftMemory } from "./drift-memory.ts";
export { type PairedGain, pairedGains } from "./drift-pairs.ts";
export { DRIFT_SEEDS, type DriftSeedRow, driftSeedRows, recordDriftSeeds } from "./drift-record.ts";
export { driftSeedTable, pairedTable } from "./drift-show.ts";
export { type DriftSummary, summariseDrift } from "./drift-summary.ts";
export { costAt, type Efficiency, efficiencyOf, equalAccuracy } from "./efficiency.ts";
export { EXPLORATIONS, explorationSpread } from "./exploration.ts";
export { assertKnown, mainTable, trainedModels } from "./main-table.ts";
export { type Measured, makeMeasure, profileOfGroup } from "./measure.ts";
export { picturePath, trainedArms } from "./pictures.ts";
export {
  ABLATIONS,
  type Ablations,
  type ArmRow,
  BASE,
  EFFICIENCY,
  RESULTS,
  readRecorded,
  recordArm,
} from "./record.ts";
export { type Runner, runGroup } from "./run.ts";
export { armCurves, armPictures, armTable, efficiencyTable, trainingCurves } from "./show.ts";
export { type ArmSummary, curveSeries, rowsOfGroup, summariseArms } from "./summary.ts";
export { weightsOf } from "./train.ts";
