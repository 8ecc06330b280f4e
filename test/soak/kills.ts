/** Kills a small training again and again, at any moment, and looks whether its state is whole and its end the same. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readMetrics } from "../../lib/training/run.ts";
import { fingerprintFile } from "../../lib/util/files.ts";
import { Rng } from "../../lib/util/rng.ts";
import { fromRoot } from "../../lib/util/root.ts";
import { readSafetensors } from "../../lib/util/safetensors.ts";

const PROGRAM = ["--import", "tsx", "test/training/run/program.ts"];
/** Milliseconds of a step, so that most kills meet steps, saves and the record. */
const PAUSE = 40;
const LATEST_KILL = 7 * PAUSE;
const STATE = "state.safetensors";

/** Runs it; without `delay` to the end, else until so many milliseconds after its folder is made. @returns whether it ended by itself */
function run(dir: string, delay?: number): Promise<boolean> {
  const child = spawn(process.execPath, [...PROGRAM, "--dir", dir, "--pause", String(PAUSE)], {
    ...{ cwd: fromRoot("."), stdio: "ignore" },
  });
  const watch = setInterval(() => {
    if (delay === undefined || !existsSync(join(dir, "owner.lock"))) return;
    clearInterval(watch);
    setTimeout(() => child.kill("SIGKILL"), delay);
  }, 5);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearInterval(watch);
      if (signal === "SIGKILL") resolve(false);
      else if (code === 0) resolve(true);
      else reject(new Error(`the training in ${dir} ended with ${signal ?? code}`));
    });
  });
}

const endOf = (dir: string): string =>
  JSON.stringify([STATE, "metrics.jsonl"].map((name) => fingerprintFile(join(dir, name))));

export interface KillsResult {
  readonly kills: number;
  /** Runs that were killed, each several times, and then ended. */
  readonly runs: number;
}

/** @throws Error where a state or a record is damaged, goes back, or ends as something else */
export async function killOften(root: string, kills: number, onKill: () => void): Promise<KillsResult> {
  await run(join(root, "straight"));
  const expected = endOf(join(root, "straight"));
  const rng = Rng.of("kills");
  let [killed, runs] = [0, 0];
  while (killed < kills) {
    const dir = join(root, `killed-${runs++}`);
    let step = 0;
    // Its steps are few: after some kills it comes to its end.
    while (!(await run(dir, rng.int(LATEST_KILL)))) {
      killed++;
      onKill();
      const now = existsSync(join(dir, STATE)) ? Number(readSafetensors(join(dir, STATE)).metadata.step) : 0;
      if (now < step) throw new Error(`${dir}: the state of step ${step} was lost, step ${now} is there`);
      step = now;
      if (existsSync(join(dir, "metrics.jsonl")) && readFileSync(join(dir, "metrics.jsonl")).includes("\n"))
        readMetrics(dir);
      if (killed >= kills) break;
    }
    await run(dir);
    if (endOf(dir) !== expected) throw new Error(`${dir} ended as something else than the run without a break`);
  }
  return { kills: killed, runs };
}
