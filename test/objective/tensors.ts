import * as tf from "@tensorflow/tfjs-core";
import type { Objective, ObjectiveInputs } from "../../lib/objective/objective.ts";
import type { Point } from "./reference.ts";

/** Points as tensors [B, n, 1]; all share the first one's mask. */
export function inputsOf(points: readonly Point[]): ObjectiveInputs {
  const n = points[0].xt.length;
  const samples = (key: "xt" | "x0" | "vOld" | "vTheta" | "vReference"): tf.Tensor =>
    tf.tensor(
      points.flatMap((p) => p[key]),
      [points.length, n, 1],
    );
  const numbers = (key: "sigma" | "r"): tf.Tensor => tf.tensor(points.map((p) => p[key]));
  return {
    xt: samples("xt"),
    sigma: numbers("sigma"),
    target: samples("x0"),
    vOld: samples("vOld"),
    vTheta: samples("vTheta"),
    vReference: samples("vReference"),
    optimality: numbers("r"),
    mask: tf.tensor(points[0].mask, [1, n, 1]),
  };
}

export interface Evaluated {
  loss: number[];
  gradient: number[];
}

/** Loss per sample, and the gradient of their sum with respect to vTheta. */
export function evaluate(objective: Objective, inputs: ObjectiveInputs): Evaluated {
  return tf.tidy(() => {
    const loss = Array.from(objective.loss(inputs).dataSync());
    const total = (vTheta: tf.Tensor): tf.Scalar => tf.sum(objective.loss({ ...inputs, vTheta })) as tf.Scalar;
    return { loss, gradient: Array.from(tf.grad(total)(inputs.vTheta).dataSync()) };
  });
}
