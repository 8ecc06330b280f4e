/** Loss and gradients with respect to named parameters. */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../model/nn/params.ts";

/**
 * @param loss scalar loss as a function of the parameters; other tensors it closes over get no gradient
 * @returns the loss and a gradient for every parameter
 * @throws Error if the loss does not depend on one of the parameters
 */
export function lossAndGrads(loss: (params: Params) => tf.Scalar, params: Params): { loss: tf.Scalar; grads: Params } {
  const names = Object.keys(params);
  const rebuild = (tensors: tf.Tensor[]): Params => Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
  const run = tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(rebuild(tensors)));
  const { value, grads } = run(names.map((name) => params[name]));
  return { loss: value as tf.Scalar, grads: rebuild(grads) };
}
