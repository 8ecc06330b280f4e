/** Ships a trained estimator with its card. */

import { countParams, type Params } from "../../model/nn/params.ts";
import { publish } from "../../model/nn/published.ts";
import { DESIGNS, type EstimatorKind } from "../../rewards/estimator/kinds.ts";
import { accuracyTable, type EstimatorReport } from "./report.ts";
import type { EstimatorTrainConfig } from "./train.ts";

const METHOD: Readonly<Record<EstimatorKind, string>> = {
  reward: "least-squares optical flow (normal equations of Lucas and Kanade) at three scales",
  evaluation: "a cost volume of squared differences over 45 shifts at two scales",
};
const PURPOSE: Readonly<Record<EstimatorKind, string>> = {
  reward: "The interaction reward of post-training. Numbers reported about a model must not come from it.",
  evaluation: "Measuring models. It is never trained against.",
};

export function publishEstimator(
  dir: string,
  kind: EstimatorKind,
  params: Params,
  training: EstimatorTrainConfig,
  report: EstimatorReport,
): void {
  const { split, seed, head } = DESIGNS[kind];
  const { heldOut, tokeniser, estimators, threads, latentNoise } = report;
  const card = `# Action estimator: ${kind}

${PURPOSE[kind]}

Reads from five frames of 80x48 (the last of a latent, and the four of the next) which of the 81 actions was carried out
in each of the four frame steps: ${METHOD[kind]}, judged, robustly, against the motion that each action would
give to the ground and the far sky, then a small convolutional head; ${(countParams(params) / 1e6).toFixed(2)} M parameters, stored as 16-bit floats, averaged weights.

- Trained by \`npm run train:estimators\` on the split \`${split}\` (but its last trajectories): seed ${seed}, ${training.steps} steps
  of ${training.batch} groups of five frames; true renders, reconstructions with noise on their latents, blurred and noisy ones.
- Tokeniser: SHA-256 ${tokeniser}.
- Test: trajectories ${heldOut.firstTrajectory} and on of ${heldOut.splits.map((name) => `\`${name}\``).join(" and ")}, ${heldOut.videos} videos of scenes that neither estimator was
  trained on. \`noisy-latents\`: noise of ${latentNoise} on latents before decoding; \`frozen\`: the first frame repeated.
- ${Math.round(estimators[kind].groupsPerSecond)} groups (latents) a second on ${threads} thread(s), measured while the processor also did other work.
- It knows only the worlds of this project, and the action set of 0 or 1 step along each axis.

${accuracyTable(report, kind)}
`;
  publish(dir, params, { network: `estimator-${kind}`, seed, head, training, tokeniser }, card);
}
