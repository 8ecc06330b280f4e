/** A traced graph loaded into TensorFlow's executor, which optimises it once and reuses memory as it runs. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../util/errors.ts";
import type { NativeBackend } from "./addon.ts";
import { SERVING_TAG, savedModel } from "./graph-def.ts";
import type { Trace } from "./graph-trace.ts";

export class GraphSession {
  private readonly backend = tf.backend() as NativeBackend;
  private readonly session: number;
  private readonly outputNames: string;

  constructor({ nodes, outputs }: Trace) {
    this.session = load(this.backend, savedModel(nodes));
    this.outputNames = names("y", outputs);
  }

  run(inputs: tf.Tensor[]): tf.Tensor[] {
    const { backend } = this;
    const ids = backend.getInputTensorIds(inputs);
    const handles = backend.binding.runSavedModel(this.session, ids, names("x", ids.length), this.outputNames);
    return handles.map((handle) => backend.createOutputTensor(handle));
  }

  dispose(): void {
    this.backend.binding.deleteSavedModel(this.session);
  }
}

const names = (prefix: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}:0`).join(",");

/** The addon loads graphs from a folder only; it is needed no longer than that takes. */
function load(backend: NativeBackend, model: Buffer): number {
  const folder = mkdtempSync(join(tmpdir(), "worldcompass-graph-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), model);
    return backend.binding.loadSavedModel(folder, SERVING_TAG);
  } catch (error) {
    const mend = "leave the operation that it names outside of the compiled function";
    throw new UserError(`TensorFlow does not take the graph: ${(error as Error).message}`, mend, { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
