import type * as tf from "@tensorflow/tfjs-core";

/** Evidence of motion for n groups. */
export interface Features {
  /** [n * 5, h, w, c], for each place: rows 5 i to 5 i + 3 are the steps of group i, row 5 i + 4 is its latent as a whole. */
  readonly grid: tf.Tensor4D;
  /** [n, 81 * views], energies of the actions for the latent as a whole; low where the pictures speak for the action. */
  readonly latent: tf.Tensor2D;
  /** [n * 4, 81], the same for each step. */
  readonly steps: tf.Tensor2D;
}
