/**
 * Records the TensorFlow operations that a function executes on the native backend as a graph. The function really
 * runs once while it is recorded, so all shapes in the graph are those of the example inputs.
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../util/errors.ts";
import type { Addon, NativeBackend } from "./addon.ts";
import { ATTRIBUTE, type Attribute, constant, operation, placeholder, savedModel } from "./graph-def.ts";
import { isStandIn, StandIns } from "./stand-ins.ts";
import { listTensors } from "./tensor-tree.ts";

export interface Trace {
  /** A SavedModel of the graph: inputs `x0`, `x1`, ...; outputs `y0`, `y1`, ... */
  model: Buffer;
  /** What the function returned; its tensors are disposed, only their places count. */
  structure: unknown;
  outputs: number;
}

/** Runs `fn` once and returns its graph as a function of `inputs`; no tensor that the run made survives. */
export function traceGraph(fn: () => unknown, inputs: tf.Tensor[]): Trace {
  const recorder = new Recorder(tf.backend() as NativeBackend);
  recorder.addInputs(inputs);
  let trace: Trace | undefined;
  recorder.during(() => {
    const structure = fn();
    const { tensors } = listTensors(structure);
    recorder.addOutputs(tensors);
    trace = { model: savedModel(recorder.nodes), structure, outputs: tensors.length };
  });
  return trace as unknown as Trace;
}

class Recorder {
  readonly nodes: Buffer[] = [];
  /** Tensor id in the addon -> `node` or `node:output`. */
  private readonly sources = new Map<number, string>();
  private readonly backend: NativeBackend;
  private readonly addon: Addon;
  private readonly standIns: tf.Tensor[] = [];

  constructor(backend: NativeBackend) {
    this.backend = backend;
    this.addon = backend.binding;
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
      const source = this.sources.get(ids[i]) ?? this.addConstant(ids[i], tensor);
      this.nodes.push(operation(`y${i}`, "Identity", [source], [type]));
    });
  }

  /** Runs `fn` with the backend's two doors to the addon watched: operands on their way in, operations executed. */
  during(fn: () => void): void {
    const { backend, addon } = this;
    const { getInputTensorIds, createOutputTensor } = backend;
    const standIns = new StandIns(addon);
    const executeOp: Addon["executeOp"] = (...call) => this.record(call, standIns.execute(...call));
    backend.binding = Object.create(addon, { executeOp: { value: executeOp } });
    backend.getInputTensorIds = (tensors) => {
      const ids = getInputTensorIds.call(backend, tensors);
      tensors.forEach((tensor, i) => {
        if (!this.sources.has(ids[i])) this.addConstant(ids[i], tensor);
      });
      return ids;
    };
    backend.createOutputTensor = (handle) => {
      const tensor = createOutputTensor.call(backend, handle);
      if (isStandIn(handle.id)) this.standIns.push(tensor);
      return tensor;
    };
    const release = forbidReading();
    try {
      tf.tidy(fn);
    } finally {
      release();
      standIns.release();
      Object.assign(backend, { binding: addon, getInputTensorIds, createOutputTensor });
    }
    const kept = this.standIns.some(({ dataId }) => backend.tensorMap.has(dataId));
    if (kept) throw unsupported("a tensor computed inside the function outlives the call (tf.keep)");
  }

  private record([op, attributes, inputs]: Parameters<Addon["executeOp"]>, results: ReturnType<Addon["executeOp"]>) {
    const name = `n${this.nodes.length}`;
    const sources = inputs.map((id) => this.sources.get(id));
    if (sources.includes(undefined)) throw unsupported(`${op} has an operand that is not a tensor of tfjs`);
    this.nodes.push(operation(name, op, sources as string[], attributes as Attribute[]));
    results.forEach(({ id }, i) => {
      this.sources.set(id, `${name}:${i}`);
    });
    return results;
  }

  /** A tensor that is neither an input nor computed from one is part of the program. */
  private addConstant(id: number, { dtype, shape, dataId }: tf.TensorInfo): string {
    if (dtype === "string" || dtype === "complex64") throw unsupported(`a ${dtype} tensor is a constant`);
    const variable = Object.values(tf.engine().state.registeredVariables).find((v) => v.dataId === dataId);
    if (variable) throw unsupported(`the variable ${variable.name} is read but is not an input`);
    const { buffer, byteOffset, byteLength } = this.addon.tensorDataSync(id);
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const name = `c${this.nodes.length}`;
    this.nodes.push(constant(name, { dtype: this.backend.getDTypeInteger(dtype), shape, bytes }));
    this.sources.set(id, name);
    return name;
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
