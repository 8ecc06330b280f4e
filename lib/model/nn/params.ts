/**
 * A network's parameters: named tensors in a fixed order. Networks are pure functions of them, so that a training step
 * is a function from (parameters, state, batch) to (parameters, state, loss) and a checkpoint can never be half a step.
 */
import * as tf from "@tensorflow/tfjs-core";
import { Rng } from "../../util/rng.ts";

export type Params = Record<string, tf.Tensor>;

/** How one parameter starts: zeros, ones, or normal with a standard deviation. */
export type Init = { shape: number[]; std: number } | { shape: number[]; fill: number };

/** Name -> initialisation, in the order in which the parameters are stored. */
export type ParamSpec = Record<string, Init>;

/** Normal with standard deviation gain / sqrt(fan-in), the last axis being the output. */
export const fanIn = (shape: number[], gain = 1): Init => ({
  shape,
  std: gain / Math.sqrt(shape.slice(0, -1).reduce((a, b) => a * b, 1)),
});

export const filled = (shape: number[], fill: number): Init => ({ shape, fill });

/** Fresh parameters; each tensor has its own random stream, so adding one leaves the others unchanged. */
export function initParams(spec: ParamSpec, seed: number): Params {
  return mapEntries(spec, (init, name) => {
    const size = init.shape.reduce((a, b) => a * b, 1);
    if ("fill" in init) return tf.fill(init.shape, init.fill);
    const values = Rng.of(seed, "init", name).normals(size);
    return tf.tensor(
      values.map((v) => v * init.std),
      init.shape,
      "float32",
    );
  });
}

/** The same keys with each value replaced by `f(value, key)`. */
export function mapEntries<A, B>(record: Record<string, A>, f: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value, key)]));
}

export const cloneParams = (params: Params): Params => mapEntries(params, (t) => tf.clone(t));

export const disposeParams = (params: Params): void => tf.dispose(Object.values(params));

export const countParams = (params: Params): number => Object.values(params).reduce((n, t) => n + t.size, 0);

/** The parameters below `prefix.`, with the prefix removed. */
export function subParams(params: Params, prefix: string): Params {
  const start = `${prefix}.`;
  return Object.fromEntries(
    Object.entries(params)
      .filter(([name]) => name.startsWith(start))
      .map(([name, t]) => [name.slice(start.length), t]),
  );
}

/** Exponential moving average: decay * average + (1 - decay) * current, as new tensors. */
export function emaParams(average: Params, current: Params, decay: number | tf.Scalar): Params {
  return mapEntries(average, (a, name) =>
    tf.tidy(() => tf.add(current[name], tf.mul(tf.sub(a, current[name]), decay))),
  );
}
