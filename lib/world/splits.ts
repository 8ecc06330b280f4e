import { UserError } from "../util/errors.ts";

/** What scenes are for; each purpose has its own range of scene seeds, so no scene serves two. */
export const SPLITS = [
  "pretrain",
  "tokeniser",
  "estimator-reward",
  "estimator-evaluation",
  "preference",
  "rl",
  "validation",
  "evaluation",
] as const;
export type Split = (typeof SPLITS)[number];

/** Scenes of a split. */
export const SCENES_PER_SPLIT = 1_000_000;

/** The seed of a split's scene number `index`. */
export function sceneSeed(split: Split, index: number): number {
  if (!SPLITS.includes(split))
    throw new UserError(`there is no split "${split}"`, `choose one of ${SPLITS.join(", ")}`);
  if (!Number.isInteger(index) || index < 0 || index >= SCENES_PER_SPLIT) {
    throw new UserError(
      `Scene ${index} is not in split ${split}.`,
      `Use a whole number from 0 to ${SCENES_PER_SPLIT - 1}.`,
    );
  }
  return SPLITS.indexOf(split) * SCENES_PER_SPLIT + index;
}
