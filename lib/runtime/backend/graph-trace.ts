/**
 * Records the TensorFlow operations that a function executes on the native backend as a graph. The function really
 * runs while it is recorded, so all shapes in the graph are those of the example inputs.
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../util/errors.ts";
import type { Addon, NativeBackend } from "./addon.ts";
import { ATTRIBUTE, type Attribute, operation, placeholder } from "./graph-def.ts";
import { GraphNodes } from "./graph-nodes.ts";
import { isLarge, isStandIn, type Result, StandIns } from "./stand-ins.ts";
import { listTensors } from "./tensor-tree.ts";

export interface Trace {
  /** Of the graph: inputs `x0`, `x1`, ...; outputs `y0`, `y1`, ... */
  nodes: readonly Buffer[];
  /** What each operation gave, in the order of execution. */
  results: readonly (readonly Result[])[];
  /** What the function returned; its tensors are disposed, only their places count. */
  structure: unknown;
  outputs: number;
}

/**
 * Runs `fn` once and returns its graph as a function of `inputs`; no tensor that the run made survives.
 * @param earlier a recording that this one must repeat, node by node; large results that are known from it are not computed
 * @throws NotRepeated where it does not
 */
export function traceGraph(fn: () => unknown, inputs: tf.Tensor[], earlier?: Trace): Trace {
  const recorder = new Recorder(tf.backend() as NativeBackend, earlier);
  recorder.addInputs(inputs);
  let trace: Trace | undefined;
  recorder.during(() => {
    const structure = fn();
    const { tensors } = listTensors(structure);
    recorder.addOutputs(tensors);
    trace = { nodes: recorder.nodes.list, results: recorder.results, structure, outputs: tensors.length };
  });
  return trace as unknown as Trace;
}

class Recorder {
  readonly nodes: GraphNodes;
  readonly results: Result[][] = [];
  /** Tensor id in the addon -> `node` or `node:output`. */
  private readonly sources = new Map<number, string>();
  /** Ids of large constants that stay on the host. */
  private readonly onHost = new WeakMap<tf.DataId, number>();
  private readonly earlier?: Trace;
  private readonly backend: NativeBackend;
  private readonly addon: Addon;
  private readonly standIns: StandIns;
  private readonly stoodIn: tf.Tensor[] = [];

  constructor(backend: NativeBackend, earlier?: Trace) {
    this.nodes = new GraphNodes(earlier?.nodes);
    this.earlier = earlier;
    this.backend = backend;
    this.addon = backend.binding;
    this.standIns = new StandIns(this.addon);
  }

  addInputs(inputs: tf.Tensor[]): void {
    const ids = this.backend.getInputTensorIds(inputs);
    inputs.forEach(({ dtype, shape }, i) => {
      this.sources.set(ids[i], `x${i}`);
      this.nodes.push(placeholder(`x${i}`, this.backend.getDTypeInteger(dtype), shape));
    });
  }

  /** Identity gives each output a node of its own, also where it is an input, a constant or returned twice. */
  addOutputs(outputs: tf.Tensor[]): void {
    const ids = this.backend.getInputTensorIds(outputs);
    outputs.forEach((tensor, i) => {
      const type = { name: "T", type: ATTRIBUTE.type, value: this.backend.getDTypeInteger(tensor.dtype) };
      this.nodes.push(operation(`y${i}`, "Identity", [this.sources.get(ids[i]) as string], [type]));
    });
  }

  /** Runs `fn` with the backend's two doors to the addon watched: operands on their way in, operations executed. */
  during(fn: () => void): void {
    const { backend, addon } = this;
    const { getInputTensorIds, createOutputTensor } = backend;
    const executeOp: Addon["executeOp"] = (...call) => this.record(call);
    backend.binding = Object.create(addon, { executeOp: { value: executeOp } });
    backend.getInputTensorIds = (tensors) =>
      tensors.map(
        (tensor) => this.hostConstant(tensor) ?? this.operand(getInputTensorIds.call(backend, [tensor])[0], tensor),
      );
    backend.createOutputTensor = (handle) => {
      const tensor = createOutputTensor.call(backend, handle);
      if (isStandIn(handle.id)) this.stoodIn.push(tensor);
      return tensor;
    };
    const release = forbidReading();
    try {
      tf.tidy(fn);
    } finally {
      release();
      this.standIns.release();
      Object.assign(backend, { binding: addon, getInputTensorIds, createOutputTensor });
    }
    const kept = this.stoodIn.some(({ dataId }) => backend.tensorMap.has(dataId));
    if (kept) throw unsupported("a tensor computed inside the function outlives the call (tf.keep)");
  }

  private record(call: Parameters<Addon["executeOp"]>): ReturnType<Addon["executeOp"]> {
    const [op, attributes, inputs] = call;
    const sources = inputs.map((id) => this.sources.get(id));
    if (sources.includes(undefined)) throw unsupported(`${op} has an operand that is not a tensor of tfjs`);
    const name = this.nodes.add(op, sources as string[], attributes as Attribute[]);
    const results = this.standIns.execute(call, this.earlier?.results[this.results.length]);
    this.results.push(results);
    results.forEach(({ id }, i) => {
      this.sources.set(id, `${name}:${i}`);
    });
    return results;
  }

  private operand(id: number, tensor: tf.TensorInfo): number {
    this.standIns.see(id, tensor.shape);
    if (!this.sources.has(id)) this.addConstant(id, tensor, this.addon.tensorDataSync(id));
    return id;
  }

  /** A large tensor whose values have not yet left JavaScript: there is no need that they do. */
  private hostConstant(tensor: tf.TensorInfo): number | undefined {
    const known = this.onHost.get(tensor.dataId);
    if (known !== undefined) return known;
    if (!this.backend.tensorMap.has(tensor.dataId)) return undefined;
    const { values } = this.backend.tensorMap.get(tensor.dataId);
    const result = { shape: tensor.shape, dtype: this.backend.getDTypeInteger(tensor.dtype) };
    if (!(values instanceof Float32Array) || !isLarge(result)) return undefined;
    const { id } = this.standIns.give(result);
    this.onHost.set(tensor.dataId, id);
    this.addConstant(id, tensor, values);
    return id;
  }

  /** A tensor that is neither an input nor computed from one is part of the program. */
  private addConstant(id: number, { dtype, shape, dataId }: tf.TensorInfo, values: ArrayBufferView): void {
    if (dtype === "string" || dtype === "complex64") throw unsupported(`a ${dtype} tensor is a constant`);
    const variable = Object.values(tf.engine().state.registeredVariables).find((v) => v.dataId === dataId);
    if (variable) throw unsupported(`the variable ${variable.name} is read but is not an input`);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.sources.set(id, this.nodes.constant({ dtype: this.backend.getDTypeInteger(dtype), shape, bytes }));
  }
}

/** Values that a program reads while it is recorded would be frozen into the graph. */
function forbidReading(): () => void {
  const engine = tf.engine() as unknown as Record<string, unknown>;
  const refuse = () => {
    throw unsupported("the values of a tensor are read (data, dataSync, array, print)");
  };
  Object.assign(engine, { read: refuse, readSync: refuse });
  return () => {
    delete engine.read;
    delete engine.readSync;
  };
}

const unsupported = (problem: string): UserError =>
  new UserError(`cannot compile: ${problem}`, "pass it as an input, or leave that part outside of the function");
