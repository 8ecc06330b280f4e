/** Actions, poses, the camera and what scenes are for; each world has a folder of its own: the public face of `lib/world`. */
export * from "./actions.ts";
export { type Camera, cameraAt, type Pose } from "./camera.ts";
export * from "./config.ts";
export * from "./pose-string.ts";
export * from "./primitives.ts";
export { CLEAN, checkRollover, executedOf, RECORDED, type RolloverConfig } from "./rollover.ts";
export * from "./splits.ts";
