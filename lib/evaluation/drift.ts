/** Measuring drift and spatial memory: what notebook 04 calls. */
export * from "./drift-memory.ts";
export { DRIFT_MODELS, driftProfileOf, openAblations, openDriftModels } from "./drift-memory-profile.ts";
export { assertDrift, DRIFT_TABLE, MEASURED_DRIFT, readDriftTable, recordDrift } from "./drift-memory-record.ts";
export { DRIFT_COLUMNS, FLOOR_COLUMNS, LONG_COLUMNS } from "./drift-memory-show.ts";
export {
  type AuditRow,
  auditMetrics,
  DRIFT_MEASURES,
  type DriftRow,
  driftPerClip,
  driftRows,
} from "./drift-memory-table.ts";
export { type FloorRow, floorRows } from "./floor.ts";
export { type LongRow, longClips, longRows } from "./long.ts";
export { type OwnWay, ownWay } from "./own-way.ts";
export { type RememberingRow, rememberingRows } from "./remembering.ts";
export { type WideRow, wideRows } from "./wide.ts";
