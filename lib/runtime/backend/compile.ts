/**
 * Compiles a function of tensors, for example a whole training step with its gradients, into a TensorFlow graph. Run
 * as a graph, a step is spared JavaScript's cost per operation, and elementwise operations work in place.
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../util/errors.ts";
import { NotRepeated } from "./graph-nodes.ts";
import { GraphSession } from "./graph-session.ts";
import { type Trace, traceGraph } from "./graph-trace.ts";
import { listTensors, withTensors } from "./tensor-tree.ts";

/** Called like the function it was made from. The caller owns the tensors that it returns. */
export interface CompiledFunction<A extends unknown[], R> {
  (...inputs: A): R;
  /** Number of graphs held, one for each signature seen. */
  readonly graphs: number;
  /** Frees the graphs; calling afterwards is an error. */
  dispose(): void;
}

export interface CompileOptions {
  /** Stands in messages. */
  name?: string;
  /** Most signatures (shapes, types and structure of the inputs) that may be compiled. */
  signatures?: number;
}

interface Graph {
  signature: string[];
  session: GraphSession;
  structure: unknown;
}

/**
 * The first call with a new signature runs `fn` twice to record it; that and every later call return what the graph
 * computes, so that a run that is resumed repeats the numbers of one that was not.
 *
 * `fn` must compute its result from its inputs alone: tensors it closes over become constants. Random numbers, step
 * counters and learning rates are inputs too; a function that draws or counts inside is refused.
 *
 * Backends without a graph executor call `fn` itself; a line on stderr says so.
 *
 * @param fn tensors in, tensors out, each argument and the result a tensor or nested arrays and objects of tensors
 * @throws UserError on calls with too many signatures, or where `fn` cannot be recorded
 */
export function compile<A extends unknown[], R>(
  fn: (...inputs: A) => R,
  { name = fn.name || "function", signatures = 1 }: CompileOptions = {},
): CompiledFunction<A, R> {
  const graphs: Graph[] = [];
  let state: "fresh" | "announced" | "disposed" = "fresh";
  const call = (...inputs: A): R => {
    if (state === "disposed") throw new UserError(`${name} is disposed`, "compile it again");
    if (tf.getBackend() === "tensorflow") return runGraph(graphFor(graphs, fn, inputs, name, signatures), inputs) as R;
    if (state === "fresh") announceEager(name);
    state = "announced";
    return tf.tidy(() => fn(...inputs) as tf.TensorContainer) as R;
  };
  const dispose = () => {
    state = "disposed";
    for (const { session } of graphs.splice(0)) session.dispose();
  };
  return Object.defineProperty(Object.assign(call, { dispose }), "graphs", {
    get: () => graphs.length,
  }) as CompiledFunction<A, R>;
}

function announceEager(name: string): void {
  process.stderr.write(`${name} is not compiled: backend ${tf.getBackend()} has no graph executor; it runs as it is\n`);
}

function runGraph({ session, structure }: Graph, inputs: unknown[]): unknown {
  return withTensors(structure, session.run(listTensors(inputs).tensors));
}

function graphFor<A extends unknown[]>(
  graphs: Graph[],
  fn: (...inputs: A) => unknown,
  inputs: A,
  name: string,
  limit: number,
): Graph {
  const { tensors, paths } = listTensors(inputs);
  const signature = tensors.map(({ dtype, shape }, i) => `${paths[i]}: ${dtype}[${shape}]`);
  const known = graphs.find((graph) => sameList(graph.signature, signature));
  if (known) return known;
  if (graphs.length >= limit) throw signatureError(name, graphs[graphs.length - 1].signature, signature);
  const trace = traceApart(fn, inputs, tensors, name);
  const graph = { signature, session: new GraphSession(trace), structure: trace.structure };
  graphs.push(graph);
  return graph;
}

/**
 * Records `fn` on inputs that share no memory: a clone is the same tensor to the backend, so two inputs that happen to
 * be equal in the first call would be recorded as one.
 */
function traceApart<A extends unknown[]>(fn: (...inputs: A) => unknown, inputs: A, tensors: tf.Tensor[], name: string) {
  const seen = new Set<tf.DataId>();
  const copies: tf.Tensor[] = [];
  const apart = tensors.map((tensor) => {
    if (!seen.has(tensor.dataId)) {
      seen.add(tensor.dataId);
      return tensor;
    }
    const copy = tf.tensor(tensor.dataSync(), tensor.shape, tensor.dtype);
    copies.push(copy);
    return copy;
  });
  try {
    return tracePure(() => fn(...(withTensors(inputs, apart) as A)), apart, name);
  } finally {
    tf.dispose(copies);
  }
}

/** Two recordings of a pure function are the same nodes in the same order, constants included. */
function tracePure(fn: () => unknown, tensors: tf.Tensor[], name: string): Trace {
  const first = traceGraph(fn, tensors);
  try {
    if (traceGraph(fn, tensors, first).nodes.length === first.nodes.length) return first;
  } catch (error) {
    if (!(error instanceof NotRepeated)) throw error;
  }
  const mend = "pass random numbers, counters and rates as input tensors";
  throw new UserError(`${name} does not compute the same thing twice from the same inputs`, mend);
}

const sameList = (a: string[], b: string[]): boolean => a.length === b.length && a.every((item, i) => item === b[i]);

function signatureError(name: string, known: string[], given: string[]): UserError {
  const at = given.findIndex((input, i) => input !== known[i]);
  const problem = `${name} is compiled for ${known[at] ?? "no further input"}, given ${given[at] ?? "fewer inputs"}`;
  return new UserError(problem, "keep shapes fixed, or allow more `signatures` in compile's options");
}
