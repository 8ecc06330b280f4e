/** A procedural first-person world drawn by hand, with exact camera truth: the public face of `lib/world/plane`. */
export { clearedFor, withoutSolids } from "./clearing.ts";
export { SIGHT, solidDepths } from "./foreground.ts";
export { PALETTES, type Palette } from "./palettes.ts";
export { renderEmpty, renderFrame, renderPath } from "./render.ts";
export { makeScene, type Scene } from "./scene.ts";
export { blocked, type Solid, solidsNear } from "./solids.ts";
export { isFree, KINDS, type Kind, type PlanOptions, planTrajectory, type Trajectory } from "./trajectory.ts";
