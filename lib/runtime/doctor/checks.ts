/** What a working installation consists of, each part looked at as the program itself would use it. */

import { UserError } from "../../util/errors.ts";
import { type Backend, openBackend } from "../backend/backend.ts";
import { measureGflops } from "../backend/speed.ts";
import { findFfmpeg } from "../setup/find-ffmpeg.ts";
import { findSystemPython, MINIMUM_PYTHON, pythonIsReady, pythonProgram } from "../setup/python.ts";
import { runCommand } from "../setup/run-command.ts";
import { hasNvidiaGpu } from "../setup/vendor.ts";
import { vizdoomIsReady } from "../setup/vizdoom.ts";
import { wheelObstacle } from "../setup/wheel.ts";
import type { Check } from "./check.ts";

const SETUP = "run `npm run setup`";
const KERNEL = "worldcompass-typescript";
/** Python that starts the kernel it is given the name of, runs a cell, and says how long that took. */
const KERNEL_PROBE = `import sys, time
from jupyter_client.manager import start_new_kernel
start = time.time()
manager, client = start_new_kernel(kernel_name=sys.argv[1])
try:
    reply = client.execute_interactive("const sum: number = 1 + 1;", timeout=40)
    assert reply["content"]["status"] == "ok", reply["content"]
    print(f"in {time.time() - start:.1f} s")
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)`;
const OLDEST_NODE = [20, 19];

/** Every check, in the order of dependence; a check that throws a UserError becomes a missing part. */
export async function* runChecks(): AsyncGenerator<Check> {
  const machine = { node: checkNode, backend: checkBackend, gpu: checkGpu, ffmpeg: checkFfmpeg };
  const checks = { ...machine, python: checkPython, kernel: checkKernel, doom: checkDoom };
  for (const [name, check] of Object.entries(checks)) {
    yield await check().catch((error: unknown): Check => {
      if (!(error instanceof UserError)) throw error;
      return { name, ok: false, found: error.problem, mend: error.mend };
    });
  }
}

async function checkNode(): Promise<Check> {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return { name: "node", ok, found: process.version, mend: `install Node ${OLDEST_NODE.join(".")} or later` };
}

async function checkBackend(): Promise<Check> {
  const { tf, name, device, threads, cost } = await openBackend();
  const gflops = Math.round(await measureGflops(tf));
  const found = `${name} on ${device}, threads: ${threads}, float32 matrix product: ${gflops} GFLOP/s; ${cost}`;
  return { name: "backend", ok: name !== "wasm" || chosenWasm(), found, mend: await nativeMend() };
}

const chosenWasm = (): boolean => process.env.WORLDCOMPASS_BACKEND === "wasm";

async function nativeMend(): Promise<string> {
  const obstacle = await wheelObstacle();
  return obstacle ? `${obstacle.problem}: ${obstacle.mend}` : `${SETUP} to get the native library`;
}

async function checkGpu(): Promise<Check> {
  if (!(await hasNvidiaGpu())) return { name: "gpu", ok: true, found: "no NVIDIA GPU; the processor does the work" };
  const { device }: Backend = await openBackend();
  const mend = "put CUDA 11.2 and cuDNN 8.1 on the library path, which tfjs-node-gpu 4.22 asks for";
  const used = device.includes("GPU");
  return { name: "gpu", ok: used, found: used ? "in use" : "there is an NVIDIA GPU, but it is not used", mend };
}

async function checkFfmpeg(): Promise<Check> {
  const ffmpeg = await findFfmpeg();
  const mend = `${SETUP}, install ffmpeg, or set FFMPEG_BIN`;
  if (!ffmpeg) return { name: "ffmpeg", ok: false, found: "none; videos are encoded in WebAssembly, larger", mend };
  return { name: "ffmpeg", ok: true, found: `${ffmpeg.path} (${ffmpeg.source})` };
}

async function checkPython(): Promise<Check> {
  if (await pythonIsReady()) {
    const { output } = await runCommand(pythonProgram("python"), ["--version"], { seconds: 30 });
    return { name: "python", ok: true, found: `${output.trim()} with JupyterLab, in .cache/python` };
  }
  const system = await findSystemPython();
  if (system) return { name: "python", ok: false, found: `${system.version}, but no environment yet`, mend: SETUP };
  const mend = `install Python ${MINIMUM_PYTHON} or later, then ${SETUP}`;
  return { name: "python", ok: false, found: `no Python ${MINIMUM_PYTHON} or later`, mend };
}

/** Starts the project's kernel as a notebook runner would, and has it run a cell. */
async function checkKernel(): Promise<Check> {
  const missing = { name: "kernel", ok: false, mend: SETUP };
  if (!(await pythonIsReady())) return { ...missing, found: "kernels need the Python environment" };
  const { ok, output, reason } = await runCommand(pythonProgram("python"), ["-c", KERNEL_PROBE, KERNEL], {
    seconds: 60,
  });
  if (!ok) return { ...missing, found: `${KERNEL} does not answer: ${reason}` };
  return { name: "kernel", ok, found: `${KERNEL} answers ${output.trim().split("\n").at(-1)}` };
}

/** The engine of one world, which everything else does without: not there is no fault. */
async function checkDoom(): Promise<Check> {
  const ready = await vizdoomIsReady();
  const found = ready ? "ViZDoom, in .cache/python" : `not set up; the first command with --world doom does it`;
  return { name: "doom", ok: true, found };
}
