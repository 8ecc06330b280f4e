/**
 * Matrix products on the WebAssembly backend. Its kernel reaches XNNPACK only for a single product of untransposed
 * matrices and runs a scalar loop for all others (some 8 times slower for attention). Here transposed operands are
 * laid out first, and a batch runs as XNNPACK products over views of the operands, without copying.
 */
import type { KernelBackend, KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import type { Tfjs } from "./tfjs.ts";

/** The parts of the WebAssembly backend that this file uses (tfjs-backend-wasm 4.22). */
export interface WasmBackend extends KernelBackend {
  wasm: {
    cwrap(name: string, returns: null, argumentTypes: string[]): (...args: unknown[]) => void;
    tfjs: { disposeData(id: number): void };
  };
  dataIdMap: { get(dataId: object): { id: number; memoryOffset: number }; delete(dataId: object): void };
  makeOutput(shape: number[], dtype: "float32", memoryOffset?: number): TensorInfo;
}

interface MatMulAttributes {
  transposeA: boolean;
  transposeB: boolean;
}

interface Call<Attributes> {
  inputs: { a: TensorInfo; b: TensorInfo; bias?: TensorInfo };
  attrs: Attributes;
  backend: WasmBackend;
}

type FusedCall = Call<MatMulAttributes & { activation: string }>;
type Product = (call: Call<MatMulAttributes>) => TensorInfo;
type Multiply = (a: TensorInfo, b: TensorInfo, out: TensorInfo) => void;

const FLOAT_BYTES = 4;
/** tfjs's names of fused activations and the kernels that compute them. */
const ACTIVATIONS: Record<string, string | undefined> = {
  linear: undefined,
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
};

/** Replaces the backend's product, and its product fused with a bias and an activation. */
export function patchMatMul(tf: Tfjs): void {
  let multiply: Multiply;
  const setupFunc: KernelConfig["setupFunc"] = (backend) => {
    multiply = xnnpackProduct(backend as WasmBackend);
  };
  const product: Product = ({ inputs: { a, b }, attrs, backend }) => batchMatMul(tf, backend, multiply, a, b, attrs);
  const kernelFunc = product as unknown as KernelConfig["kernelFunc"];
  replace(tf, { kernelName: "BatchMatMul", backendName: "wasm", setupFunc, kernelFunc });
  replaceFused(tf, product);
}

function replace(tf: Tfjs, kernel: KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

/** The bias and the activation follow the product as kernels of their own. */
function replaceFused(tf: Tfjs, product: Product): void {
  const stock = tf.getKernel("_FusedMatMul", "wasm");
  const kernelFunc = (call: FusedCall): TensorInfo => {
    const { activation } = call.attrs;
    if (!(activation in ACTIVATIONS)) return stock.kernelFunc(asKernelCall(call)) as TensorInfo;
    const steps = [product(call)];
    const then = (name: string, inputs: Record<string, TensorInfo>) =>
      steps.push(tf.getKernel(name, "wasm").kernelFunc({ inputs, attrs: {}, backend: call.backend }) as TensorInfo);
    if (call.inputs.bias) then("Add", { a: steps[0], b: call.inputs.bias });
    const kernel = ACTIVATIONS[activation];
    if (kernel) then(kernel, { x: steps[steps.length - 1] });
    const out = steps.pop() as TensorInfo;
    for (const { dataId } of steps) call.backend.disposeData(dataId);
    return out;
  };
  replace(tf, { ...stock, kernelFunc: kernelFunc as unknown as KernelConfig["kernelFunc"] });
}

const asKernelCall = (call: FusedCall) => call as unknown as Parameters<KernelConfig["kernelFunc"]>[0];

/** `[..., m, k] x [..., k, n] -> [..., m, n]` with batch dimensions broadcast; each product is XNNPACK's. */
function batchMatMul(
  tf: Tfjs,
  backend: WasmBackend,
  multiply: Multiply,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: MatMulAttributes,
): TensorInfo {
  const left = transposeA ? swapped(tf, backend, a) : a;
  const right = transposeB ? swapped(tf, backend, b) : b;
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [m, k] = left.shape.slice(-2);
  const n = right.shape[right.shape.length - 1];
  const out = backend.makeOutput([...batch, m, n], "float32");
  const [batchA, batchB, batchOut] = [a.shape.slice(0, -2), b.shape.slice(0, -2), batch].map(tf.util.sizeFromShape);
  if (batchB === 1) productOf(backend, multiply, [left, 0, batchA * m, k], [right, 0, k, n], [out, 0, batchA * m, n]);
  else {
    for (let i = 0; i < batchOut; i++) {
      const [j, l] = [batchA === 1 ? 0 : i, batchB === 1 ? 0 : i];
      productOf(backend, multiply, [left, j, m, k], [right, l, k, n], [out, i, m, n]);
    }
  }
  if (left !== a) backend.disposeData(left.dataId);
  if (right !== b) backend.disposeData(right.dataId);
  return out;
}

type Matrix = [of: TensorInfo, index: number, rows: number, columns: number];

/** One product of matrices that may lie inside larger tensors. */
function productOf(backend: WasmBackend, multiply: Multiply, left: Matrix, right: Matrix, out: Matrix): void {
  const views: TensorInfo[] = [];
  const named = ([of, index, rows, columns]: Matrix, byItself: boolean): TensorInfo => {
    const shape: [number, number, number] = [1, rows, columns];
    if (byItself) return { ...of, shape };
    const offset = backend.dataIdMap.get(of.dataId).memoryOffset + index * rows * columns * FLOAT_BYTES;
    const view = backend.makeOutput(shape, "float32", offset);
    views.push(view);
    return view;
  };
  multiply(named(left, isWhole(left)), named(right, isWhole(right) && keepsPacked(right)), named(out, isWhole(out)));
  // The memory belongs to the tensor, so only the view's registration (and XNNPACK's packed copy) goes.
  for (const { dataId } of views) {
    backend.wasm.tfjs.disposeData(backend.dataIdMap.get(dataId).id);
    backend.dataIdMap.delete(dataId);
  }
}

const isWhole = ([{ shape }, , rows, columns]: Matrix): boolean =>
  shape.reduce((product, length) => product * length, 1) === rows * columns;

/** The columns of the right operands seen so far. */
const rightColumns = new WeakMap<object, number>();

/**
 * Whether a right operand may go by its tensor's name, under which XNNPACK keeps what it has packed until the tensor is
 * disposed of: from its second product on, so weights do and a gradient's activations do not fill the memory. It does not
 * look at the shape again, so another shape of the same data may not.
 */
function keepsPacked([{ dataId }, , , columns]: Matrix): boolean {
  const known = rightColumns.get(dataId);
  if (known === undefined) rightColumns.set(dataId, columns);
  return known === columns;
}

function xnnpackProduct(backend: WasmBackend): Multiply {
  const id = ({ dataId }: TensorInfo) => backend.dataIdMap.get(dataId).id;
  const bytes = ({ shape }: TensorInfo) => new Uint8Array(new Int32Array(shape).buffer);
  const types = ["number", "array", "number", "number", "array", "number", "number", "number", "number"];
  const kernel = backend.wasm.cwrap("BatchMatMul", null, types);
  return (a, b, out) => kernel(id(a), bytes(a), 3, id(b), bytes(b), 3, false, false, id(out));
}

function swapped(tf: Tfjs, backend: WasmBackend, x: TensorInfo): TensorInfo {
  const axes = x.shape.map((_, axis) => axis);
  const perm = [...axes.slice(0, -2), axes[axes.length - 1], axes[axes.length - 2]];
  return tf.getKernel("Transpose", "wasm").kernelFunc({ inputs: { x }, attrs: { perm }, backend }) as TensorInfo;
}
