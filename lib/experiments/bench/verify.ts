/** Whether the two programs compute the same thing: otherwise their times would not be comparable. */

import { UserError } from "../../util/errors.ts";
import { readSafetensors } from "../../util/safetensors.ts";
import type { Sampled } from "./ours.ts";

export interface Agreement {
  /** Largest relative difference of the losses of the first training steps. */
  loss: number;
  /** Training steps compared; from the second on they also depend on gradients and optimiser. */
  steps: number;
  /** Root mean square difference of the generated clips, relative to their root mean square. */
  clips: number;
  /** Share of the decoded bytes that differ by more than one. */
  frames: number;
}

/** float32 sums in another order differ by about 1e-6; over training steps and generated clips that grows. */
const TOLERANCE = { loss: 1e-4, clips: 1e-3, frames: 1e-3 };

const join = (parts: readonly ArrayLike<number>[]): number[] => parts.flatMap((part) => Array.from(part));

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

export function compareLosses(ours: readonly number[], torch: readonly number[]): number {
  if (ours.length === 0 || ours.length !== torch.length) return Number.NaN;
  return Math.max(...ours.map((loss, i) => Math.abs(loss - torch[i]) / Math.abs(torch[i])));
}

/** @param file the clips and frames that PyTorch left */
export function compareSamples(ours: Sampled, file: string): Pick<Agreement, "clips" | "frames"> {
  const { tensors } = readSafetensors(file);
  const clips = join(ours.clips.flat());
  const frames = join(ours.frames);
  const difference = clips.map((value, i) => value - tensors.clips.data[i]);
  const differing = frames.filter((value, i) => Math.abs(value - tensors.frames.data[i]) > 1);
  return { clips: rootMeanSquare(difference) / rootMeanSquare(clips), frames: differing.length / frames.length };
}

/** @throws UserError naming what differs by more than rounding explains */
export function assertAgreement(agreement: Agreement): void {
  for (const key of ["loss", "clips", "frames"] as const) {
    if (agreement[key] <= TOLERANCE[key]) continue;
    const problem = `the PyTorch model differs from ours: ${key} by ${agreement[key].toExponential(1)}, allowed ${TOLERANCE[key]}`;
    throw new UserError(
      problem,
      "bring lib/experiments/bench/torch_model.py in line with lib/model/legacy, then measure",
    );
  }
}
