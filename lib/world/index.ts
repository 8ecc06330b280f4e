/** Procedural first-person worlds with exact camera truth: the public face of `lib/world`. */
export * from "./actions.ts";
export { type Camera, cameraAt, type Pose } from "./camera.ts";
export { clearedFor, withoutSolids } from "./clearing.ts";
export * from "./config.ts";
export { SIGHT, solidDepths } from "./foreground.ts";
export { PALETTES, type Palette } from "./palettes.ts";
export * from "./pose-string.ts";
export * from "./primitives.ts";
export { renderEmpty, renderFrame, renderPath } from "./render.ts";
export { CLEAN, checkRollover, executedOf, RECORDED, type RolloverConfig } from "./rollover.ts";
export { makeScene, type Scene } from "./scene.ts";
export { blocked, type Solid, solidsNear } from "./solids.ts";
export * from "./splits.ts";
export { isFree, KINDS, type Kind, type PlanOptions, planTrajectory, type Trajectory } from "./trajectory.ts";
