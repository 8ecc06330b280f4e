import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KERNELSPECS } from "../../lib/runtime/setup/kernelspec.ts";
import { ROOT } from "../../lib/runtime/setup/paths.ts";
import { privateJupyter } from "../../lib/runtime/setup/private-jupyter.ts";
import { pythonProgram } from "../../lib/runtime/setup/python.ts";

export const JUPYTER = pythonProgram("jupyter");

export interface Lab {
  url: string;
  /** Folder inside the project, below which notebooks see the library as `../lib` does from `notebooks/`. */
  stop(): void;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

/** JupyterLab as `npm run lab` starts it, without a browser window and without a token, on a free port. */
export async function startLab(): Promise<Lab> {
  const port = await freePort();
  const scratch = mkdtempSync(join(tmpdir(), "kernel-lab-"));
  mkdirSync(join(scratch, "kernelspecs"));
  symlinkSync(KERNELSPECS, join(scratch, "kernelspecs", "kernels"), "junction");
  const args = [
    "lab",
    "--no-browser",
    "--allow-root",
    `--ServerApp.root_dir=${ROOT}`,
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
    "--LabApp.news_url=",
  ];
  const env = { ...process.env, ...privateJupyter(scratch), JUPYTER_PATH: join(scratch, "kernelspecs") };
  const server = spawn(JUPYTER, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  await answering(server, port);
  return { url: `http://127.0.0.1:${port}`, stop: () => server.kill("SIGTERM") };
}

async function answering(server: ChildProcess, port: number): Promise<void> {
  let log = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on("data", (text) => {
      log += text;
    });
  }
  for (let tries = 0; tries < 300 && server.exitCode === null; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/api`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error(`JupyterLab did not start:\n${log}`);
}
