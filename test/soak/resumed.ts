/** `npm run resumed`: is a run that was stopped and goes on in another process the run without a break, to the bit? */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { runCommand } from "../../lib/cli/command.ts";
import { machine } from "../../lib/evaluation/report.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { currentCommit } from "../../lib/util/commit.ts";
import { fingerprintFile, writeJson } from "../../lib/util/files.ts";
import { Interrupted } from "../../lib/util/interrupt.ts";
import { OWNER } from "../../lib/util/lock.ts";
import { fromRoot } from "../../lib/util/root.ts";
import { count, text, threads } from "../../lib/util/schema.ts";
import { TRAININGS } from "./trainings.ts";

const RESULT = "data/results/resumed.json";
const STATE = "state.safetensors";

const options = z.strictObject({
  kinds: z
    .array(text())
    .default(Object.keys(TRAININGS))
    .describe(`Of ${Object.keys(TRAININGS).join(", ")}.`),
  steps: count().min(3).default(6).describe("Of each run."),
  threads: threads(),
  dir: text().optional().describe("Only runs the first kind in this folder; what the command itself calls."),
  stop: count().optional().describe("Asks that run to end after about so many steps."),
});
const about = `Stops each kind of training at the shipped size, goes on in another process, and compares it with a run without a break; records it in ${RESULT}.`;

/** Each step of a run gives the event loop one turn. */
function stopAfter(dir: string, turns: number): void {
  let turn = 0;
  const look = (): void => {
    if (existsSync(join(dir, OWNER))) turn++;
    if (turn > turns) process.kill(process.pid, "SIGTERM");
    else setImmediate(look).unref();
  };
  look();
}

async function runHere(kind: string, dir: string, steps: number, stop?: number): Promise<void> {
  if (stop !== undefined) stopAfter(dir, stop);
  try {
    await TRAININGS[kind](dir, steps);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    console.error(error.problem);
  }
}

/** In a process of its own, which loads everything anew. */
function runThere(kind: string, dir: string, asked: Record<string, number | undefined>): Promise<void> {
  const given = Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  const args = ["--import", "tsx", fromRoot("test/soak/resumed.ts"), `--kinds=${kind}`, `--dir=${dir}`, ...given];
  const child = spawn(process.execPath, args, { cwd: fromRoot("."), stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`the training of ${kind} ended with ${code}`)),
    );
  });
}

await runCommand({ name: "resumed", about, options }, async ({ kinds, steps, threads: side, dir, stop }) => {
  if (dir !== undefined) {
    await openBackend({ threads: side });
    return runHere(kinds[0], dir, steps, stop);
  }
  const root = mkdtempSync(join(tmpdir(), "resumed-"));
  const results: { kind: string; equal: boolean }[] = [];
  try {
    for (const kind of kinds) {
      const [straight, broken] = ["straight", "broken"].map((name) => join(root, `${kind}-${name}`));
      await runThere(kind, straight, { steps, threads: side });
      await runThere(kind, broken, { steps, threads: side, stop: 2 });
      await runThere(kind, broken, { steps, threads: side });
      const [one, other] = [straight, broken].map((folder) => fingerprintFile(join(folder, STATE)).sha256);
      results.push({ kind, equal: one === other });
      console.log(`${one === other ? "equal  " : "DIFFERS"}  ${kind}`);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  const record = {
    commit: currentCommit(),
    created: new Date().toISOString(),
    machine: machine(),
    node: process.version,
  };
  if (kinds.length === Object.keys(TRAININGS).length)
    writeJson(fromRoot(RESULT), { ...record, steps, threads: side, results });
  if (results.some(({ equal }) => !equal)) process.exitCode = 1;
});
