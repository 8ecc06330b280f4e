/** Evidence of motion in a latent's five frames, as a classifier sees it: numbers for each cell of a grid over the picture. */
import type * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../util/errors.ts";
import type { CameraModel } from "../../world/world.ts";

/** A change of the pictures as a change of the features: channel c becomes `sign[c]` times what channel `from[c]` was. */
export interface ChannelChange {
  readonly from: readonly number[];
  readonly sign: readonly number[];
}

export interface FeatureDesign {
  readonly name: string;
  readonly channels: number;
  /** Pictures mirrored; columns change places too. */
  readonly mirror: ChannelChange;
  /** Frames backwards, where features tell it. */
  readonly reverse?: ChannelChange;
  /** Frames [n * 5, height, 3 width] in 0..1 -> [n, rows, columns, channels], each about -1..1. */
  features(frames: tf.Tensor, camera: CameraModel): tf.Tensor4D;
}

/** Cells of the grid: 4 pixels high, 8 wide. */
export const CELL = { height: 4, width: 8 };

/** Pictures are halved three times. */
const HALVED = 8;

/** @throws UserError on pictures that cannot be halved three times, or cut into cells */
export function gridOf({ width, height }: CameraModel): { rows: number; columns: number } {
  if (width % HALVED !== 0 || height % HALVED !== 0)
    throw new UserError(`pictures of ${width}x${height}`, `give sides that are multiples of ${HALVED}`);
  return { rows: height / CELL.height, columns: width / CELL.width };
}

/** The same change for each of `count` sets of channels, one after the other. */
export function forSets(count: number, { from, sign }: ChannelChange): ChannelChange {
  const sets = Array.from({ length: count }, (_, set) => set * from.length);
  return {
    from: sets.flatMap((first) => from.map((c) => first + c)),
    sign: sets.flatMap(() => [...sign]),
  };
}
