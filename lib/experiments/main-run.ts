/** The main run of a seed, from which further training goes on. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../model/nn/published.ts";
import { UserError } from "../util/errors.ts";
import { fromRoot } from "../util/root.ts";
import { weightsOf } from "./train.ts";

/** Folder of its averaged weights. */
export const mainRun = (seed: number, runs: string): string => weightsOf(join(runs, "main", `post-trained-${seed}`));

/** @throws UserError if there is none that was finished, or if it started from another base model */
export function checkMainRun(seed: number, runs: string, base: string): void {
  const dir = mainRun(seed, runs);
  const command = `npm run experiments -- --only main --seeds ${seed}`;
  if (!existsSync(fromRoot(join(dir, "config.json")))) throw new UserError(`there are no weights in ${dir}`, command);
  const { training } = readConfig(dir) as { training?: { checkpoints?: { base?: string } } };
  if (training?.checkpoints?.base === base) return;
  throw new UserError(`${dir} was trained from another base model`, `remove ${join(dir, "..")}, then ${command}`);
}
