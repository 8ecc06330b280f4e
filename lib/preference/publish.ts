/** Ships a trained preference model with its card. */
import { publish } from "../io/published.ts";
import { countParams, type Params } from "../nn/params.ts";
import { mean } from "../util/statistics.ts";
import type { PairAccuracy } from "./evaluate.ts";
import type { PreferenceTrainConfig } from "./train.ts";

export interface PreferenceFacts {
  training: PreferenceTrainConfig;
  /** Held-out pair accuracies. */
  accuracy: readonly PairAccuracy[];
  /** Rank correlation of scores with PSNR to the truth on held-out samples of a model; null without samples. */
  agreement: number | null;
  /** SHA-256 of what its pictures were made with, by name. */
  made: Record<string, string>;
}

export function publishPreference(
  dir: string,
  params: Params,
  { training, accuracy, agreement, made }: PreferenceFacts,
): void {
  const rows = accuracy.map(
    ({ kind, accuracy: share, margin }) => `| ${kind} | ${(100 * share).toFixed(1)} | ${margin.toFixed(2)} |`,
  );
  const card = `# Visual preference model

Scores a frame of 80x48, given the first frame of its video, as a Gaussian; trained as HPSv3 is (arXiv 2508.03789): the
better of two pictures should win, loss -log E[sigmoid(s_better - s_worse)]. ${(countParams(params) / 1e6).toFixed(2)} M parameters, stored as 16-bit floats, averaged weights.

- Purpose: the visual reward of post-training, and the visual score of the tables. Only differences of scores mean anything.
- Trained by \`npm run train:preference\` on the split \`preference\`: seed ${training.seed}, ${training.steps} steps of ${training.batch} ranked pairs, AdamW, peak learning rate ${training.lr}.
- Pairs: true over reconstructed; milder over grosser corruption of a picture or of its latents; where a model's samples
  are listed below, the reconstructed truth over the model's picture, and early clips over late ones.
- It sees frames one by one: a frozen video can score high. The interaction reward must stand beside it.
- It knows only the worlds of this project.

Made with: ${Object.entries(made)
    .map(([name, sha]) => `${name} ${sha.slice(0, 12)}`)
    .join(", ")}.

Order of held-out pairs (${accuracy[0].pairs} of each kind): mean ${(100 * mean(accuracy.map((a) => a.accuracy))).toFixed(1)} % right.

| kind | right, % | mean margin, logits |
|---|---|---|
${rows.join("\n")}
${agreement === null ? "" : `\nOn a model's held-out pictures the score's rank correlation with the PSNR to the true picture is ${agreement.toFixed(2)}.\n`}`;
  publish(dir, params, { network: "preference", training, made, accuracy, agreement }, card);
}
