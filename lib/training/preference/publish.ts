/** Ships a trained preference model with its card. */

import type { PictureSize } from "../../metrics/video.ts";
import { countParams, type Params } from "../../model/nn/params.ts";
import { publish } from "../../model/nn/published.ts";
import { mean } from "../../util/statistics.ts";
import type { Agreement, PairAccuracy } from "./evaluate.ts";
import type { PreferenceTrainConfig } from "./train.ts";

export interface PreferenceFacts {
  training: PreferenceTrainConfig;
  /** Held-out pair accuracies. */
  accuracy: readonly PairAccuracy[];
  /** Agreement with the truth on held-out samples of models; empty where no model made any. */
  agreement: readonly Agreement[];
  /** SHA-256 of what its pictures were made with, by name. */
  made: Record<string, string>;
  /** Of the pictures that it scores. */
  picture: PictureSize;
}

export function publishPreference(
  dir: string,
  params: Params,
  { training, accuracy, agreement, made, picture }: PreferenceFacts,
): void {
  const rows = accuracy.map(
    ({ kind, accuracy: share, margin }) => `| ${kind} | ${(100 * share).toFixed(1)} | ${margin.toFixed(2)} |`,
  );
  const card = `# Visual preference model

Scores a frame of ${picture.width}x${picture.height}, given the first frame of its video, as a Gaussian; trained as HPSv3 is (arXiv 2508.03789): the
better of two pictures should win, loss -log E[sigmoid(s_better - s_worse)]. ${(countParams(params) / 1e6).toFixed(2)} M parameters, stored as 16-bit floats, averaged weights.

- Purpose: the visual reward of post-training, and the visual score of the tables. Only differences of scores mean anything.
- Trained by \`npm run train -- --only preference\` on the split \`preference\`: seed ${training.seed}, ${training.steps} steps of ${training.batch} ranked pairs, AdamW, peak learning rate ${training.lr}.
- Pairs: true over reconstructed; milder over grosser corruption of a picture or of its latents; where models
  are listed below, pictures of their own making: the reconstructed truth over a sample; truth noised and denoised, less over
  more; of two samples of one keyframe the one that is clearly nearer to the true picture (in PSNR and in SSIM, small displacement
  forgiven), one continued from true clips (\`depth\`) or both from the model's own (\`branch\`).
- It sees frames one by one: a frozen video can score high. The interaction reward must stand beside it.
- It knows only the worlds of this project.

Made with: ${Object.entries(made)
    .map(([name, sha]) => `${name} ${sha.slice(0, 12)}`)
    .join(", ")}.

Order of held-out pairs (${accuracy[0].pairs} of each kind): mean ${(100 * mean(accuracy.map((a) => a.accuracy))).toFixed(1)} % right.

| kind | right, % | mean margin, logits |
|---|---|---|
${rows.join("\n")}
${agreementTable(agreement)}`;
  publish(
    dir,
    params,
    { network: "preference", picture, training, tokeniser: made.tokeniser, made, accuracy, agreement },
    card,
  );
}

const NAMES: Record<Agreement["measure"], string> = {
  psnr: "PSNR",
  ssim: "SSIM",
  placedPsnr: "PSNR, best displacement",
  placedSsim: "SSIM, best displacement",
};

function agreementTable(agreement: readonly Agreement[]): string {
  if (agreement.length === 0) return "";
  const rows = agreement.map(
    ({ measure, overall, within }) => `| ${NAMES[measure]} | ${overall.toFixed(2)} | ${within.toFixed(2)} |`,
  );
  return `
Rank correlation of the score with likeness to the true picture, on held-out clips of models: over all, and within the
${agreement[0].groups} groups of clips that differ in their noise alone (what reinforcement learning goes by).

| likeness | over all | within groups |
|---|---|---|
${rows.join("\n")}
`;
}
