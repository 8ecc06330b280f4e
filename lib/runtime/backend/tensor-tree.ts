/** Tensors in nested arrays and objects, listed in a fixed order and put back. */
import { Tensor } from "@tensorflow/tfjs-core";
import { UserError } from "../../util/errors.ts";

/**
 * Calls `leaf` for every tensor with its path (`params.wq`) and returns the same structure of the answers.
 * @throws UserError at anything but a tensor, an array or a plain object
 */
export function mapTensors(tree: unknown, leaf: (tensor: Tensor, path: string) => unknown, path = ""): unknown {
  if (tree instanceof Tensor) return leaf(tree, path);
  const below = (key: string | number, value: unknown) => mapTensors(value, leaf, path ? `${path}.${key}` : `${key}`);
  if (Array.isArray(tree)) return tree.map((value, i) => below(i, value));
  if (!isPlainObject(tree)) throw notATensor(tree, path);
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, below(key, value)]));
}

export function listTensors(tree: unknown): { tensors: Tensor[]; paths: string[] } {
  const tensors: Tensor[] = [];
  const paths: string[] = [];
  mapTensors(tree, (tensor, path) => {
    tensors.push(tensor);
    paths.push(path);
  });
  return { tensors, paths };
}

/** The structure of `tree` with its tensors replaced in order. */
export function withTensors(tree: unknown, tensors: Tensor[]): unknown {
  let next = 0;
  return mapTensors(tree, () => tensors[next++]);
}

const isPlainObject = (tree: unknown): tree is object =>
  typeof tree === "object" && tree !== null && [Object.prototype, null].includes(Object.getPrototypeOf(tree));

function notATensor(value: unknown, path: string): UserError {
  const kind = value === null ? "null" : typeof value === "object" ? value.constructor.name : typeof value;
  const mend = "pass numbers as tf.scalar, so that they stay inputs of the compiled graph, and return tensors";
  return new UserError(`compiled function: ${path || "the value"} is ${kind}, not a tensor`, mend);
}
