/** Changes to a group of frames that change its action in a known way (mirror, reverse), or not at all (blur, noise). */
import * as tf from "@tensorflow/tfjs-core";
import { onColumns, onRows, perColour, smooth } from "../../rewards/actions/separable.ts";
import { GROUP_FRAMES, HALF_FRAME, HALF_HEIGHT, HALF_ROW, HALF_WIDTH } from "../../rewards/estimator/groups.ts";
import { actionOfMotion, motionOf } from "../../world/index.ts";

/** A mirrored camera: left and right change places. */
export function mirroredAction(action: number): number {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  return actionOfMotion({ forward, rightward: 0 - rightward, yaw: 0 - yaw, pitch });
}

/** A video played backwards: every axis turns round. */
export function reversedAction(action: number): number {
  const { forward, rightward, yaw, pitch } = motionOf(action);
  return actionOfMotion({ forward: 0 - forward, rightward: 0 - rightward, yaw: 0 - yaw, pitch: 0 - pitch });
}

export interface Turn {
  readonly mirror: boolean;
  readonly reverse: boolean;
}

export function turnedAction(action: number, { mirror, reverse }: Turn): number {
  const mirrored = mirror ? mirroredAction(action) : action;
  return reverse ? reversedAction(mirrored) : mirrored;
}

/** For each position of a halved row, where its mirror image lies. */
const MIRROR = Int32Array.from({ length: HALF_ROW }, (_, i) => (HALF_WIDTH - 1 - Math.floor(i / 3)) * 3 + (i % 3));

/**
 * Writes a halved group, turned and times `gain`, at `at`.
 * @param group [5, 24, 120]
 */
export function turnInto(out: Float32Array, at: number, group: Uint16Array, turn: Turn, gain: number): void {
  for (let f = 0; f < GROUP_FRAMES; f++) {
    const source = (turn.reverse ? GROUP_FRAMES - 1 - f : f) * HALF_FRAME;
    const target = at + f * HALF_FRAME;
    for (let row = 0; row < HALF_FRAME; row += HALF_ROW)
      for (let i = 0; i < HALF_ROW; i++) {
        out[target + row + i] = group[source + row + (turn.mirror ? MIRROR[i] : i)] * gain;
      }
  }
}

const softened = (frames: tf.Tensor): tf.Tensor =>
  onColumns(onRows(frames, smooth(HALF_HEIGHT)), perColour(smooth(HALF_WIDTH)));

/**
 * Blurs and disturbs.
 * @param frames,noise [n * 5, 24, 120]; noise is standard normal
 * @param blur,deviation [n * 5, 1, 1]: 0 sharp to 1 blurred, and the noise's standard deviation
 */
export function degrade(frames: tf.Tensor, noise: tf.Tensor, blur: tf.Tensor, deviation: tf.Tensor): tf.Tensor {
  const blurred = softened(softened(frames));
  return tf.add(tf.add(frames, tf.mul(tf.sub(blurred, frames), blur)), tf.mul(noise, deviation));
}
