/** Shape of the depth network, and of the pictures that it reads. */
import { UserError } from "../../util/errors.ts";
import type { CameraModel, StepSizes, WorldDescription } from "../../world/world.ts";

export interface DepthConfig {
  /** From the data set's description. */
  readonly camera: CameraModel;
  readonly step: StepSizes;
  /** Channels. */
  readonly width: number;
  /** Residual blocks on cells of 8 x 8 pixels. */
  readonly coarseBlocks: number;
}

export const DEPTH_DEFAULTS = { width: 64, coarseBlocks: 2 };

/** Side of a cell in pixels, and that of a coarse one. */
export const FOLD = 4;
export const COARSE = 2 * FOLD;

/** @throws UserError unless pictures can be cut into coarse cells */
export function checkPicture({ width, height }: CameraModel): void {
  if (width % COARSE === 0 && height % COARSE === 0) return;
  throw new UserError(`pictures of ${width}x${height}`, `give sides that are multiples of ${COARSE}`);
}

/** @throws UserError where the world's pictures cannot be cut into coarse cells */
export function depthConfig({ camera, step }: WorldDescription, dials = DEPTH_DEFAULTS): DepthConfig {
  checkPicture(camera);
  return { camera, step, ...dials };
}
