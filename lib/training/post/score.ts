/** What rewards say of groups of candidates. */
import { scoresOf } from "../../rewards/check.ts";
import type { Scoring, Weighted } from "../../rewards/reward.ts";
import type { Group } from "../../rollout/group.ts";
import type { Scores } from "./select.ts";

/**
 * Scores of every reward on every group.
 * @returns for each reward, for each group
 * @throws UserError naming reward, prompt and branch where a score is not a finite number
 */
export async function scoreGroups(groups: readonly Group[], rewards: readonly Weighted<Scoring>[]): Promise<Scores[]> {
  const clips = groups.flatMap(({ inputs }) => inputs);
  const owners = groups.flatMap(({ inputs }, g) => inputs.map((_, b) => `prompt ${g}, branch ${b}`));
  const all: Scores[] = [];
  for (const { reward } of rewards) {
    const scores = await scoresOf(reward, clips, (clip) => owners[clip]);
    let at = 0;
    all.push(
      groups.map(({ inputs }) => {
        at += inputs.length;
        return scores.slice(at - inputs.length, at);
      }),
    );
  }
  return all;
}
