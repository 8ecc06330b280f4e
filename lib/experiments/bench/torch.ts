/** The PyTorch side of the comparison: a Python process that is asked one thing at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ModelConfig } from "../../model/legacy/config.ts";
import { UserError } from "../../util/errors.ts";
import type { TrainingTimes } from "./ours.ts";

/** What lib/experiments/bench/torch_worker.py reads beside the tensors. */
export interface TorchSettings {
  threads: number;
  model: ModelConfig;
  clips: number;
  /** Noise levels of the sampler, from 1 to 0. */
  sigmas: number[];
  contextSigma: number;
  rates: { lr: number; decay: number };
  optimiser: Record<string, number>;
}

const SCRIPT = join(import.meta.dirname, "torch_worker.py");

export class Torch {
  /** PyTorch's version. */
  readonly version: string;
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, version: string) {
    this.child = child;
    this.lines = lines;
    this.version = version;
  }

  /** @param tensors a safetensors file with the weights and the work */
  static async start(python: string, tensors: string, settings: TorchSettings): Promise<Torch> {
    const threads = String(settings.threads);
    const env = { ...process.env, OMP_NUM_THREADS: threads, MKL_NUM_THREADS: threads, CUDA_VISIBLE_DEVICES: "" };
    const stdio: ["pipe", "pipe", "inherit"] = ["pipe", "pipe", "inherit"];
    const child = spawn(python, [SCRIPT, tensors, JSON.stringify(settings)], { env, stdio });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { torch } = await readAnswer<{ torch: string }>(lines);
    return new Torch(child, lines, torch);
  }

  train(steps: number): Promise<TrainingTimes> {
    return this.ask({ do: "train", steps });
  }

  /** @param out where to leave the clips and frames, for the comparison */
  sample(out?: string): Promise<{ seconds: number }> {
    return this.ask(out ? { do: "sample", out } : { do: "sample" });
  }

  /** GFLOP/s of a large matrix product. */
  sgemm(seconds: number): Promise<{ gflops: number }> {
    return this.ask({ do: "sgemm", seconds });
  }

  stop(): void {
    this.child.stdin?.end();
  }

  private ask<T>(request: object): Promise<T> {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    return readAnswer<T>(this.lines);
  }
}

async function readAnswer<T>(lines: AsyncIterator<string>): Promise<T> {
  const { value, done } = await lines.next();
  if (!done) return JSON.parse(value) as T;
  const mend = "see its message above; to install PyTorch anew, remove .cache/bench-python";
  throw new UserError("the PyTorch program ended before it answered", mend);
}
