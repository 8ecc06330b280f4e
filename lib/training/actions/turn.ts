/** Changes of a latent that change its action in a known way: mirrored, or played backwards. */
import { type FeatureDesign, gridOf } from "../../rewards/actions/features.ts";
import { actionOfMotion, motionOf } from "../../world/actions.ts";
import type { CameraModel } from "../../world/world.ts";

export interface Turn {
  readonly mirror: boolean;
  readonly reverse: boolean;
}

/** A mirrored camera's left is right; a video played backwards turns every axis round. */
export function turnedAction(action: number, { mirror, reverse }: Turn): number {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  const back = reverse ? -1 : 1;
  const side = mirror ? -back : back;
  // Adding 0 makes -0 of a still axis 0.
  return actionOfMotion({
    forward: back * forward + 0,
    rightward: side * rightward + 0,
    yaw: side * yaw + 0,
    pitch: back * pitch + 0,
  });
}

/** For each number of a latent's features: where it comes from, and its sign. */
export interface Gathered {
  readonly from: Int32Array;
  readonly sign: Int8Array;
}

export function turnOf(design: FeatureDesign, camera: CameraModel, { mirror, reverse }: Turn): Gathered {
  const { rows, columns } = gridOf(camera);
  const { channels } = design;
  const [from, sign] = [new Int32Array(rows * columns * channels), new Int8Array(rows * columns * channels)];
  const back = reverse ? design.reverse : undefined;
  for (let cell = 0, at = 0; cell < rows * columns; cell++) {
    const column = cell % columns;
    const source = mirror ? cell - column + (columns - 1 - column) : cell;
    for (let c = 0; c < channels; c++, at++) {
      const own = mirror ? design.mirror.from[c] : c;
      from[at] = source * channels + (back ? back.from[own] : own);
      sign[at] = (mirror ? design.mirror.sign[c] : 1) * (back ? back.sign[own] : 1);
    }
  }
  return { from, sign };
}
