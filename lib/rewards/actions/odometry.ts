/** The action estimator that rewards: the camera's motion by direct alignment with learned depth, then the paper's rule. */
import * as tf from "@tensorflow/tfjs-core";
import type { DepthNetwork } from "../../model/depth/depth.ts";
import { predictGeometry } from "../../model/depth/network.ts";
import type { Params } from "../../model/nn/params.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { sha256 } from "../../util/files.ts";
import { ALIGN_DEFAULTS, type AlignConfig, align, MIDDLE } from "./align.ts";
import { actionProbabilities, type ErrorModel } from "./likelihood.ts";
import {
  type ActionEstimator,
  AXES,
  GROUP_FRAMES,
  groupsOf,
  groupTensor,
  type LatentReading,
  marginals,
  readingsOf,
} from "./reading.ts";
import { labelOfSteps } from "./rule.ts";

/** What an alignment says of one latent. */
export interface LatentMotion {
  /** A frame's motion in steps: rightward, forward, yaw, pitch. */
  readonly motion: Float32Array;
  /** Of it, [4, 4]. */
  readonly information: Float32Array;
  /** Mean absolute difference that no motion explains, in shares of white. */
  readonly residual: number;
}

/** Groups of one call; what is missing is filled up with black. */
const BATCH = 8;

/** Reads motions from groups of five frames, [5, height, width, 3] bytes each. */
export type MotionReader = (groups: readonly Uint8Array[]) => LatentMotion[];

export function motionReader({ config, params }: DepthNetwork, alignment: AlignConfig = ALIGN_DEFAULTS): MotionReader {
  const { camera, step } = config;
  const { width, height } = camera;
  const bytes = 3 * width * height;
  const graph = (p: Params, frames: tf.Tensor) => {
    const grouped = tf.reshape(frames, [BATCH, GROUP_FRAMES, bytes]);
    const middle = tf.reshape(tf.slice(grouped, [0, MIDDLE, 0], [BATCH, 1, bytes]), [BATCH, height, width, 3]);
    const { logDepths, pitches } = predictGeometry(p, config, middle);
    return { ...align(camera, step, frames, tf.exp(logDepths), tf.mul(pitches, step.pitch), alignment) };
  };
  const run = compile(graph, { name: "odometry" });
  const readBatch = (groups: readonly Uint8Array[]): LatentMotion[] => {
    const frames = groupTensor(groups, camera, BATCH);
    const found = run(params, frames);
    const [motion, information, residual] = [found.motion, found.information, found.residual].map(
      (t) => t.dataSync() as Float32Array,
    );
    tf.dispose([frames, Object.values(found)]);
    return groups.map((_, i) => ({
      motion: motion.slice(i * AXES, (i + 1) * AXES),
      information: information.slice(i * AXES * AXES, (i + 1) * AXES * AXES),
      residual: residual[i],
    }));
  };
  return (groups) =>
    Array.from({ length: Math.ceil(groups.length / BATCH) }, (_, b) =>
      readBatch(groups.slice(b * BATCH, (b + 1) * BATCH)),
    ).flat();
}

/** How the label is chosen: the likeliest action, or the paper's rule of thresholds and angles. */
export type Labelling = "likeliest" | "rule";

/** @param errors how motions err, see lib/training/actions/errors.ts */
export function makeOdometry(
  depth: DepthNetwork,
  errors: ErrorModel,
  { labelling = "likeliest" }: { labelling?: Labelling } = {},
): ActionEstimator {
  const read = motionReader(depth);
  const reading = ({ motion, information }: LatentMotion): LatentReading => {
    const joint = actionProbabilities(motion, information, errors);
    const label = labelling === "rule" ? labelOfSteps(motion) : joint.indexOf(Math.max(...joint));
    return { label, ...marginals(joint), motion };
  };
  return {
    name: labelling === "rule" ? "odometry, rule" : "odometry",
    sha256: sha256(Buffer.from(JSON.stringify([depth.sha256, errors, labelling]))),
    read: (clips) => {
      const { groups, counts } = groupsOf(clips, depth.config.camera);
      return readingsOf(read(groups).map(reading), counts);
    },
  };
}
