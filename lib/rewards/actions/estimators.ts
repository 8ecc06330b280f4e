/** A world's trained action estimators, as the pipeline ships them. */
import { join } from "node:path";
import { loadDepthNetwork } from "../../model/depth/depth.ts";
import { readConfig } from "../../model/nn/published.ts";
import { UserError } from "../../util/errors.ts";
import { loadClassifier } from "./classifier.ts";
import type { ErrorModel } from "./likelihood.ts";
import { type Labelling, makeOdometry } from "./odometry.ts";
import type { ActionEstimator } from "./reading.ts";

/** Folders of networks. The reward is trained against; what is reported comes from the others. */
export const ESTIMATOR_FOLDERS = { reward: "odometry", evaluation: "actions-flow", check: "actions-cost" } as const;
export type EstimatorRole = keyof typeof ESTIMATOR_FOLDERS;

/**
 * @param networks folder of a world's networks, for example runs/courtyard/networks
 * @throws UserError if something is missing, damaged, or was fitted with another depth network
 */
export function loadActionEstimator(networks: string, role: EstimatorRole): ActionEstimator {
  const dir = join(networks, ESTIMATOR_FOLDERS[role]);
  return role === "reward" ? loadOdometry(networks) : loadClassifier(dir);
}

export function loadOdometry(networks: string, options: { labelling?: Labelling } = {}): ActionEstimator {
  const dir = join(networks, ESTIMATOR_FOLDERS.reward);
  const { network, errors, depth } = readConfig(dir);
  if (network !== "odometry" || !isErrorModel(errors))
    throw new UserError(`${dir} holds no odometry`, "give the folder of a world's networks");
  const own = loadDepthNetwork(join(networks, "depth"));
  if (own.sha256 === depth) return makeOdometry(own, errors, options);
  throw new UserError(
    `the odometry in ${dir} was fitted with another depth network`,
    "fit it again: --only estimators",
  );
}

function isErrorModel(value: unknown): value is ErrorModel {
  const { factor, floor } = (value ?? {}) as Partial<ErrorModel>;
  return typeof factor === "number" && typeof floor === "number" && factor > 0 && floor > 0;
}
