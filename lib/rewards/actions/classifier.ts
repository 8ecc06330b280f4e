/** The action estimators that only measure: a small convolutional head on features of motion, trained on recordings. */
import * as tf from "@tensorflow/tfjs-core";
import { linear } from "../../model/nn/ops.ts";
import { fanIn, filled, type ParamSpec, type Params } from "../../model/nn/params.ts";
import { loadPublished, readConfig } from "../../model/nn/published.ts";
import { compile } from "../../runtime/backend/compile.ts";
import { UserError } from "../../util/errors.ts";
import type { CameraModel } from "../../world/world.ts";
import { COST } from "./cost-features.ts";
import { type FeatureDesign, gridOf } from "./features.ts";
import { FLOW } from "./flow-features.ts";
import {
  type ActionEstimator,
  CLASSES,
  groupsOf,
  groupTensor,
  type LatentReading,
  mostProbable,
  readingsOf,
} from "./reading.ts";

export const DESIGNS: readonly FeatureDesign[] = [FLOW, COST];

/** Channels after the three convolutions, and of the dense layer. */
const WIDTHS = [32, 64, 96, 128] as const;

export function headSpec({ channels }: FeatureDesign, camera: CameraModel): ParamSpec {
  const { rows, columns } = gridOf(camera);
  const [first, second, third, dense] = WIDTHS;
  const flat = Math.ceil(rows / 2) * Math.ceil(columns / 2) * third;
  return {
    "first.w": fanIn([channels, first]),
    "first.b": filled([first], 0),
    "second.w": fanIn([3, 3, first, second], Math.SQRT2),
    "second.b": filled([second], 0),
    "third.w": fanIn([3, 3, second, third], Math.SQRT2),
    "third.b": filled([third], 0),
    "dense.w": fanIn([flat, dense], Math.SQRT2),
    "dense.b": filled([dense], 0),
    "out.w": fanIn([dense, 2 * CLASSES], 0.1),
    "out.b": filled([2 * CLASSES], 0),
  };
}

/** Features [n, rows, columns, channels] -> logits of translations and of rotations, [n, 9] each. */
export function headLogits(p: Params, features: tf.Tensor): [translation: tf.Tensor, rotation: tf.Tensor] {
  const convolve = (x: tf.Tensor, name: string, stride: number): tf.Tensor =>
    tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, p[`${name}.w`] as tf.Tensor4D, stride, "same"), p[`${name}.b`]));
  const cells = tf.relu(linear(features, p["first.w"], p["first.b"]));
  const x = convolve(convolve(cells, "second", 1), "third", 2);
  const dense = tf.relu(linear(tf.reshape(x, [x.shape[0], -1]), p["dense.w"], p["dense.b"]));
  const [translation, rotation] = tf.split(linear(dense, p["out.w"], p["out.b"]), 2, 1);
  return [translation, rotation];
}

/** Groups of one call; what is missing is filled up with black. */
const BATCH = 16;

export function makeClassifier(
  name: string,
  design: FeatureDesign,
  camera: CameraModel,
  params: Params,
  sha256: string,
): ActionEstimator {
  const run = compile(
    (p: Params, frames: tf.Tensor) =>
      headLogits(p, design.features(frames, camera)).map((logits) => tf.softmax(logits)),
    { name },
  );
  const readBatch = (groups: readonly Uint8Array[]): LatentReading[] => {
    const frames = groupTensor(groups, camera, BATCH);
    const found = run(params, frames);
    const [translations, rotations] = found.map((t) => t.dataSync() as Float32Array);
    tf.dispose([frames, found]);
    return groups.map((_, i) => {
      const of = (all: Float32Array): Float32Array => all.slice(i * CLASSES, (i + 1) * CLASSES);
      const [translation, rotation] = [of(translations), of(rotations)];
      return { label: mostProbable(translation, rotation), translation, rotation };
    });
  };
  return {
    name,
    sha256,
    read: (clips) => {
      const { groups, counts } = groupsOf(clips, camera);
      const batches = Array.from({ length: Math.ceil(groups.length / BATCH) }, (_, b) =>
        readBatch(groups.slice(b * BATCH, (b + 1) * BATCH)),
      );
      return readingsOf(batches.flat(), counts);
    },
  };
}

/** @throws UserError if it is missing, damaged, or no classifier */
export function loadClassifier(dir: string): ActionEstimator {
  const { network, name, features, camera } = readConfig(dir);
  const design = DESIGNS.find((known) => known.name === features);
  if (network !== "action-classifier" || !design || typeof name !== "string" || !camera)
    throw new UserError(`${dir} holds no action classifier`, "give the folder of one");
  const { params, sha256 } = loadPublished(dir, headSpec(design, camera as CameraModel));
  return makeClassifier(name, design, camera as CameraModel, params, sha256);
}
