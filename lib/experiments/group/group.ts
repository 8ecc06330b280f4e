/** A group of experiments as one submission: each arm is a job, what it has saved is kept here, and the same call goes on. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Job, Stored } from "../../runtime/engine/engine.ts";
import { UserError } from "../../util/errors.ts";
import { sweepTemporaries, writeAtomic, writeJson } from "../../util/files.ts";
import { ownFolder } from "../../util/lock.ts";
import { Progress } from "../../util/progress.ts";
import { readRecord } from "../../util/strict-json.ts";
import type { ArmJob, SavedFiles } from "./arm-task.ts";

export interface SubmittedArm {
  /** Names its folder. */
  readonly name: string;
  /** Path in the project's folder of a module whose default export is a `RunArm`. */
  readonly module: string;
  /** Plain values. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Large inputs that arms share. */
  readonly stored?: Readonly<Record<string, Stored>>;
}

export interface Submission {
  readonly dir: string;
  readonly arms: readonly SubmittedArm[];
}

const TASK = "lib/experiments/group/arm-task.ts";
const RESULT = "result.json";
const ARM = "arm.json";
/** How an arm's file is named among what a job is given. */
const FILE = "file ";

/**
 * Runs every arm that is not finished, as many side by side as there are workers.
 * @returns their results, in the arms' order
 * @throws UserError where a folder holds another arm than the one asked for
 */
export async function runGroup(engine: Engine, { dir, arms }: Submission): Promise<unknown[]> {
  check(arms);
  const release = ownFolder(dir, "a group of experiments");
  try {
    for (const arm of arms) claim(dir, arm);
    const open = arms.filter((arm) => !existsSync(join(dir, arm.name, RESULT)));
    const progress = new Progress(dir, arms.length, arms.length - open.length, { unit: "arms" });
    const jobs = open.map((arm) => () => jobOf(engine, dir, arm));
    await engine.run<ArmJob, unknown>(TASK, jobs, {
      onReport: (files, i) => keep(join(dir, open[i].name), files as SavedFiles),
      onResult: (result, i) => {
        writeJson(join(dir, open[i].name, RESULT), { result: result ?? null });
        progress.advance(1, open[i].name);
      },
    });
    progress.finish();
    return arms.map(({ name }) => readRecord(join(dir, name, RESULT), "remove it to run the arm again").result);
  } finally {
    release();
  }
}

function check(arms: readonly SubmittedArm[]): void {
  const names = arms.map(({ name }) => name);
  const wrong = names.find((name, i) => !/^[\w.-]*\w[\w.-]*$/.test(name) || names.indexOf(name) !== i);
  if (wrong !== undefined)
    throw new UserError(`an arm named "${wrong}"`, "give each arm a name of its own, of letters, digits, - and _");
}

/** Writes down what the folder is for, or checks that it is for the same. */
function claim(dir: string, { name, module, config }: SubmittedArm): void {
  const path = join(dir, name, ARM);
  const asked = JSON.stringify({ module, config });
  if (existsSync(path)) {
    if (JSON.stringify(readRecord(path, "remove the folder to start again")) === asked) return;
    throw new UserError(`${path} describes another arm`, "choose another name or folder, or remove this one");
  }
  writeJson(path, JSON.parse(asked));
}

/** The arm with what it has saved so far; made anew when it is tried again. */
async function jobOf(
  engine: Engine,
  dir: string,
  { name, module, config, stored = {} }: SubmittedArm,
): Promise<Job<ArmJob>> {
  const folder = join(dir, name);
  sweepTemporaries(folder);
  const saved: Record<string, Stored> = {};
  for (const file of readdirSync(folder))
    if (file !== ARM) saved[`${FILE}${file}`] = await engine.put(readFileSync(join(folder, file)));
  const files = Object.keys(saved).map((key) => key.slice(FILE.length));
  return { input: { name, module, config, files }, stored: { ...stored, ...saved } };
}

/** What was saved together; the state last, since it says how much of the rest counts. */
function keep(folder: string, files: SavedFiles): void {
  for (const { name, bytes } of files) writeAtomic(join(folder, name), bytes);
}
