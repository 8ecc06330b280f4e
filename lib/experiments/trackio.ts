/** Runs in trackio, for who is used to Weights & Biases: `trackio show --project worldcompass` then draws them. */
import { join } from "node:path";
import { ensureExtra, TRACKIO } from "../runtime/setup/extras.ts";
import { UserError } from "../util/errors.ts";
import { feed } from "../util/feed.ts";
import type { Tree } from "../util/tree.ts";
import type { Curve } from "./curves.ts";

export interface TrackedRun extends Curve {
  readonly config: Tree;
}

/** @returns what trackio said, a line a run. @throws UserError where it cannot be installed, or fails */
export async function logToTrackio(
  project: string,
  runs: readonly TrackedRun[],
  env: Record<string, string> = {},
): Promise<string> {
  const python = await ensureExtra(TRACKIO);
  const lines = runs.map((run) => `${JSON.stringify({ project, ...run })}\n`).join("");
  const script = join(import.meta.dirname, "track_runs.py");
  const { code, out, words } = await feed(python, [script], lines, { ...process.env, ...env });
  if (code === 0) return out.toString().trim();
  throw new UserError(`trackio failed: ${words.split("\n").at(-1)}`, "remove .cache/trackio to install it anew");
}
