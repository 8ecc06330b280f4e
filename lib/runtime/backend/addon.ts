/** The parts of tfjs-node 4.22's native backend that recording and running a graph need. */
import type { KernelBackend, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import type { Attribute } from "./graph-def.ts";

/** A tensor inside the addon. */
export interface Handle {
  id: number;
  shape: number[];
  dtype: number;
}

export interface Addon {
  executeOp(op: string, attributes: Attribute[], inputs: number[], outputs: number): Handle[];
  createTensor(shape: number[], dtype: number, values: Float32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** Names are `node:output`, joined by commas. */
  runSavedModel(id: number, inputs: number[], inputNames: string, outputNames: string): Handle[];
}

export interface NativeBackend extends KernelBackend {
  binding: Addon;
  /** `values` are there until an operation needs them. */
  tensorMap: { has(dataId: object): boolean; get(dataId: object): { values: unknown } };
  getInputTensorIds(tensors: TensorInfo[]): number[];
  createOutputTensor(handle: Handle): Tensor;
  getDTypeInteger(dtype: TensorInfo["dtype"]): number;
}
