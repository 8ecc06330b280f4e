/** Sequence-level rollouts, for the comparison: every branch is a whole video of its own. */

import { codecOf } from "../model/legacy/carried.ts";
import { makeWorldModel } from "../model/legacy/rollout.ts";
import { UserError } from "../util/errors.ts";
import { growVideos, type Policy, type RolloutOptions } from "./branch.ts";
import { NO_EXPLORATION } from "./exploration.ts";
import { type Prompt, startOf } from "./prompts/index.ts";
import type { RolloutTree } from "./tree.ts";

/** @throws UserError if exploration beyond each branch's own noise is asked for */
export function branchSequences(
  { params, shape, tokeniser }: Policy,
  prompts: readonly Prompt[],
  clips: number,
  { sampler, branches, exploration, key }: RolloutOptions,
): RolloutTree[] {
  const { eta, guidance, neighbours, omitting, forgetting } = exploration;
  if (eta !== 0 || neighbours + omitting + forgetting !== 0 || guidance.some((w) => w !== 1)) {
    throw new UserError("exploration of whole sequences", "set all of it to 0 and guidance to 1");
  }
  const starts = prompts.map((prompt) => startOf(prompt, tokeniser));
  const repeated = <T>(items: readonly T[]): T[] => items.flatMap((item) => new Array<T>(branches).fill(item));
  const rollout = makeWorldModel(params, shape, { sampler, compiled: true, codec: codecOf(tokeniser) }).begin(
    repeated(starts),
  );
  growVideos(rollout, repeated(prompts), clips, [...key, "sequence"]);
  const trees = prompts.map((prompt, i): RolloutTree => {
    const rows = Array.from({ length: branches }, (_, b) => i * branches + b);
    const manner = { told: prompt.actions, guidance: NO_EXPLORATION.guidance[0], eta: 0, forgets: false };
    const made = rows.map((row) => ({
      clips: [...rollout.clips(row)],
      ways: [...rollout.paths(row)],
      manner,
      steps: [],
    }));
    return { prompt, start: starts[i], root: 0, branches: made, generations: branches * clips };
  });
  rollout.dispose();
  return trees;
}
