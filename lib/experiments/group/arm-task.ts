/** What a worker does of a group: one arm, in a folder of its own, whose files it sends whenever the arm has saved. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Task, TaskContext } from "../../runtime/engine/engine.ts";
import { sha256 } from "../../util/files.ts";
import { OWNER } from "../../util/lock.ts";
import { fromRoot } from "../../util/root.ts";

export interface ArmJob {
  readonly name: string;
  readonly module: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of files that an earlier try had saved. */
  readonly files: readonly string[];
}

/** In the order in which they are to be written. */
export type SavedFiles = readonly { readonly name: string; readonly bytes: Uint8Array }[];

export interface ArmContext {
  /** Its folder: what an earlier try had saved, and what it saves. */
  readonly dir: string;
  /** To be called after each save: sends the folder's changed files to whoever asked for the arm. */
  save(): Promise<void>;
  /** What the group stored for it. */
  readonly stored: TaskContext["stored"];
}

/** An arm: trains in its folder, goes on from what is there, and answers a plain value. */
export type RunArm = (config: never, context: ArmContext) => unknown;

const STATE = /^state\./;

const task: Task<ArmJob, unknown> = async ({ module, config, files }, context) => {
  const dir = mkdtempSync(join(tmpdir(), "arm-"));
  try {
    for (const file of files) writeFileSync(join(dir, file), context.stored(`file ${file}`));
    const sent = new Map(files.map((file) => [file, context.hashOf(`file ${file}`)]));
    const save = () => context.report(changedFiles(dir, sent));
    const { default: run } = (await import(pathToFileURL(fromRoot(module)).href)) as { default: RunArm };
    const result = await run(config as never, { dir, save, stored: context.stored });
    await save();
    return result;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
export default task;

/** Files that were not sent as they are now. A run's state comes last. */
function changedFiles(dir: string, sent: Map<string, string>): SavedFiles {
  const names = readdirSync(dir).filter((name) => name !== OWNER && statSync(join(dir, name)).isFile());
  const changed = names.flatMap((name) => {
    const bytes = readFileSync(join(dir, name));
    const hash = sha256(bytes);
    if (sent.get(name) === hash) return [];
    sent.set(name, hash);
    return [{ name, bytes }];
  });
  return changed.sort((a, b) => Number(STATE.test(a.name)) - Number(STATE.test(b.name)));
}
