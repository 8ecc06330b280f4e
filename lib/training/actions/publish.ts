/** Ships the action estimators with their cards. */
import { join } from "node:path";
import { countParams, type Params } from "../../model/nn/params.ts";
import { publish } from "../../model/nn/published.ts";
import type { FeatureDesign } from "../../rewards/actions/features.ts";
import { writeAtomic, writeJson } from "../../util/files.ts";
import { fromRoot } from "../../util/root.ts";
import type { CameraModel } from "../../world/world.ts";
import type { FittedErrors } from "./errors.ts";
import type { ClassifierTraining } from "./train.ts";

export interface EstimatorFacts {
  /** Name of the world. */
  readonly world: string;
  /** SHA-256 of the tokeniser whose reconstructions it was shown. */
  readonly tokeniser: string;
}

/** @param depth SHA-256 of the depth network that it was fitted with */
export function publishOdometry(
  dir: string,
  depth: string,
  errors: FittedErrors,
  { world, tokeniser }: EstimatorFacts,
): void {
  const card = `# Action estimator: odometry (reward)

The interaction reward of post-training; numbers reported about a model must not come from it. Direct alignment of a latent's
five frames with learned depth gives the camera's motion; the action is the likeliest of the 81, given how such motions err.

- Needs the depth network beside it (SHA-256 ${depth}). Fitted by \`npm run train -- --world ${world}\` on trajectories of the
  split \`estimator-reward\` that depth was not trained on: covariances of the alignment times ${errors.factor}, and ${errors.floor} steps on every axis.
- Of the world it knows the camera model and the size of its steps, from the data's description.
- How right it is: \`../estimators.md\`.
`;
  const folder = fromRoot(dir);
  writeJson(join(folder, "config.json"), { network: "odometry", world, depth, tokeniser, errors });
  writeAtomic(join(folder, "README.md"), card);
}

export interface ClassifierCard extends EstimatorFacts {
  readonly purpose: string;
  readonly latents: number;
}

const METHOD: Readonly<Record<string, string>> = {
  flow: "Least-squares optical flow (Lucas and Kanade) at three sizes and over one, two and four frames",
  cost: "A cost volume of squared differences over 63 shifts at two sizes",
};

export function publishClassifier(
  dir: string,
  design: FeatureDesign,
  camera: CameraModel,
  params: Params,
  training: ClassifierTraining,
  { purpose, latents, ...facts }: ClassifierCard,
): void {
  const name = design.name;
  const card = `# Action estimator: ${name}

${purpose} ${METHOD[name]}, then a small convolutional head that tells which of nine
translations and nine rotations was carried out; ${(countParams(params) / 1e6).toFixed(2)} M parameters, stored as 16-bit floats, averaged weights.

- Trained by \`npm run train -- --world ${facts.world}\` on ${latents} latents of the split \`estimator-evaluation\`: seed ${training.seed}, ${training.steps} steps of ${training.batch} latents;
  true frames, reconstructions (also of noisy latents), blurred and noisy ones, mirrored${design.reverse ? ", backwards" : ""}.
- Of the world it knows the size of the pictures.
- How right it is: \`../estimators.md\`.
`;
  publish(dir, params, { network: "action-classifier", name, features: name, camera, training, ...facts }, card);
}
