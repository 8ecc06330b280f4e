/** What a working installation consists of, each part looked at as the program itself would use it. */
import { join } from "node:path";
import { fromSystem, UserError } from "../../util/errors.ts";
import { type Backend, openBackend } from "../backend/backend.ts";
import { measureGflops } from "../backend/speed.ts";
import { environmentFault, kernelFault, pythonProgram, wasMoved } from "../setup/environment.ts";
import { findFfmpeg } from "../setup/find-ffmpeg.ts";
import { KERNELSPECS, TYPESCRIPT } from "../setup/kernelspec.ts";
import { findSystemPython, MINIMUM_PYTHON, pythonIsReady, VENV_MEND } from "../setup/python.ts";
import { runProgram } from "../setup/run-program.ts";
import { hasNvidiaGpu } from "../setup/vendor.ts";
import { vizdoomIsReady } from "../setup/vizdoom.ts";
import { wheelObstacle } from "../setup/wheel.ts";
import type { Check } from "./check.ts";

const SETUP = "run `npm run setup`";
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
    yield await check().catch((thrown: unknown): Check => {
      const error = fromSystem(thrown);
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
  const [missing, made] = [{ name: "python", ok: false, mend: SETUP }, await pythonIsReady()];
  if (made) {
    const fault = await environmentFault();
    if (fault !== undefined) return { ...missing, found: `the environment in .cache/python does not work: ${fault}` };
    const { output } = await runProgram(pythonProgram("python"), ["--version"], { seconds: 30 });
    return { name: "python", ok: true, found: `${output.trim()} with JupyterLab, in .cache/python` };
  }
  if (wasMoved())
    return { ...missing, found: "the project was moved or copied; .cache/python is made for its old place" };
  const system = await findSystemPython();
  if (system?.venv) return { ...missing, found: `${system.version}, but no environment yet` };
  if (system) return { ...missing, found: `${system.version}, without its venv module`, mend: VENV_MEND };
  const mend = `install Python ${MINIMUM_PYTHON} or later, then ${SETUP}`;
  return { ...missing, found: `no Python ${MINIMUM_PYTHON} or later`, mend };
}

/** Starts the project's kernel as a notebook runner would, and has it run a cell. */
async function checkKernel(): Promise<Check> {
  const missing = { name: "kernel", ok: false, mend: SETUP };
  if (!(await pythonIsReady())) return { ...missing, found: "kernels need the Python environment" };
  const fault = kernelFault(join(KERNELSPECS, TYPESCRIPT.name));
  if (fault !== undefined) return { ...missing, found: `${TYPESCRIPT.name} ${fault}` };
  const { ok, output, reason } = await runProgram(pythonProgram("python"), ["-c", KERNEL_PROBE, TYPESCRIPT.name], {
    seconds: 60,
  });
  if (!ok) return { ...missing, found: `${TYPESCRIPT.name} does not answer: ${reason}` };
  return { name: "kernel", ok, found: `${TYPESCRIPT.name} answers ${output.trim().split("\n").at(-1)}` };
}

/** The engine of one world, which everything else does without: not there is no fault. */
async function checkDoom(): Promise<Check> {
  const ready = await vizdoomIsReady();
  const found = ready ? "ViZDoom, in .cache/python" : `not set up; the first command with --world doom does it`;
  return { name: "doom", ok: true, found };
}
