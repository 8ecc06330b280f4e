/**
 * Runs a kernel that a backend lacks on tfjs's plain JavaScript backend, copying operands there and results back.
 * Correct and slow: meant for the few gradients and index operations that WebAssembly does not have.
 */
import type { KernelBackend, KernelConfig, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { Tfjs } from "./tfjs.ts";

/** What both backends offer beside KernelBackend's public face. */
interface Store extends KernelBackend {
  readSync(dataId: object): Float32Array;
  write(values: Float32Array, shape: number[], dtype: TensorInfo["dtype"]): object;
}

/** Complex tensors are pairs of tensors and do not cross the bridge; these stay unregistered and say so when called. */
const COMPLEX = new Set(["Complex", "ComplexAbs", "FFT", "IFFT", "Imag", "Real"]);

/** Registers on `backend` every kernel of the JavaScript backend that it lacks; returns their names. */
export function bridgeMissingKernels(tf: Tfjs, backend: string): string[] {
  const present = new Set(tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName));
  const missing = tf
    .getKernelsForBackend("cpu")
    .filter(({ kernelName }) => !present.has(kernelName) && !COMPLEX.has(kernelName));
  for (const kernel of missing) tf.registerKernel({ ...bridged(tf, kernel), backendName: backend });
  return missing.map(({ kernelName }) => kernelName);
}

function bridged(tf: Tfjs, { kernelName, kernelFunc }: KernelConfig): Omit<KernelConfig, "backendName"> {
  return {
    kernelName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const cpu = quietCpu(tf);
      const operands = mapOperands(inputs, (info) => copy(info, backend as Store, cpu));
      const results = kernelFunc({ inputs: operands, attrs, backend: cpu });
      const infos = Array.isArray(results) ? results : [results];
      const copies = infos.map((info) => copy(info, cpu, backend as Store));
      const spent = [...infos, ...(Object.values(operands) as TensorInfo[])];
      for (const { dataId } of spent) cpu.disposeData(dataId, true);
      return Array.isArray(results) ? copies : copies[0];
    },
  };
}

/** Kernels with a list of operands (`Einsum`) get them under numeric keys; both forms are kept as they are. */
function mapOperands(inputs: NamedTensorInfoMap, move: (info: TensorInfo) => TensorInfo): NamedTensorInfoMap {
  const entries = Object.entries(inputs).filter(([, info]) => info !== undefined && info !== null);
  const moved = entries.map(([key, info]) => [key, move(info as TensorInfo)] as const);
  if (!Array.isArray(inputs)) return Object.fromEntries(moved);
  return moved.map(([, info]) => info) as unknown as NamedTensorInfoMap;
}

function copy({ dataId, shape, dtype }: TensorInfo, from: Store, to: Store): TensorInfo {
  return { dataId: to.write(from.readSync(dataId), shape, dtype), shape, dtype };
}

/** tfjs advertises its native package at the JavaScript backend's first use; here that backend is a deliberate choice. */
function quietCpu(tf: Tfjs): Store {
  return Object.assign(tf.findBackend("cpu") as Store, { firstUse: false });
}
