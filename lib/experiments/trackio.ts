/** Runs in trackio, for who is used to Weights & Biases: `trackio show --project worldcompass` then draws them. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureExtra, TRACKIO } from "../runtime/setup/extras.ts";
import { UserError } from "../util/errors.ts";
import type { Tree } from "../util/tree.ts";
import type { Curve } from "./curves.ts";

export interface TrackedRun extends Curve {
  readonly config: Tree;
}

/** @returns what trackio said, a line a run. @throws UserError where it cannot be installed, or fails */
export async function track(
  project: string,
  runs: readonly TrackedRun[],
  env: Record<string, string> = {},
): Promise<string> {
  const python = await ensureExtra(TRACKIO);
  const child = spawn(python, [join(import.meta.dirname, "track_runs.py")], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const [out, words]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
  // Where it ends early the pipe breaks; its exit status and its words say why.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(runs.map((run) => `${JSON.stringify({ project, ...run })}\n`).join(""));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve(Buffer.concat(out).toString().trim());
      const last = Buffer.concat(words).toString().trim().split("\n").at(-1);
      reject(new UserError(`trackio failed: ${last}`, "remove .cache/trackio to install it anew"));
    });
  });
}
