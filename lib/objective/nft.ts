/**
 * Negative-aware fine-tuning in x0-space (DiffusionNFT, arXiv 2509.16117; WorldCompass, arXiv 2602.09022). The policy
 * being trained is compared with a frozen old one: good samples pull its prediction, bad ones push the mirrored one.
 *
 * v+ = (1 - beta) v_old + beta v_theta, v- = (1 + beta) v_old - beta v_theta, x0_hat = x_t - sigma v,
 * L = |x0_hat - x0|^2 / stopgrad(mean |x0_hat - x0|), loss = r L+ + (1 - r) L-.
 */
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { parseConfig } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { positive, weight } from "../util/schema.ts";
import type { Objective, ObjectiveInputs } from "./objective.ts";
import { maskedMean, perSample, stopGradient } from "./reduce.ts";

export const nftChoices = z.strictObject({
  beta: positive()
    .default(1)
    .describe("How far nft's implicit policies reach beyond the old one; smaller means larger steps for equal loss."),
  adaptiveWeight: z.boolean().default(true).describe("Divide each sample's error by its mean absolute size."),
  /**
   * `true`: the old policy's own prediction. `stop-gradient`: the current prediction in its place, a fault of the
   * method's released code: what remains is (2 r - 1) times the flow-matching gradient, and nothing holds the policy.
   */
  oldPolicy: z.enum(["true", "stop-gradient"]).default("true").describe("What stands for the old policy in nft."),
  positiveOnly: z.boolean().default(false).describe("Leave out what bad samples push away: loss = r L+."),
  klWeight: weight().default(0).describe("Weight of mean |v_theta - v_reference|^2."),
});
export type NftConfig = z.output<typeof nftChoices>;

export const NFT_DEFAULTS: NftConfig = nftChoices.parse({});

/** Smallest denominator of the adaptive weight. */
export const WEIGHT_FLOOR = 1e-5;

/** |x_t - sigma v - x0|^2 per sample, weighted. */
function sampleError(v: tf.Tensor, { xt, sigma, target, mask }: ObjectiveInputs, adaptiveWeight: boolean): tf.Tensor {
  const error = tf.sub(tf.sub(xt, tf.mul(perSample(sigma), v)), target);
  const squared = maskedMean(tf.square(error), mask);
  if (!adaptiveWeight) return squared;
  return tf.div(squared, tf.maximum(stopGradient(maskedMean(tf.abs(error), mask)), WEIGHT_FLOOR));
}

/** Loss per sample, [B]. */
export function nftLoss(inputs: ObjectiveInputs, config: NftConfig): tf.Tensor {
  const { vTheta, optimality, mask } = inputs;
  const { beta, adaptiveWeight, positiveOnly, klWeight } = config;
  const vOld = config.oldPolicy === "true" ? inputs.vOld : stopGradient(vTheta);
  const step = tf.mul(tf.sub(vTheta, vOld), beta);
  let loss = tf.mul(optimality, sampleError(tf.add(vOld, step), inputs, adaptiveWeight));
  if (!positiveOnly) {
    const negative = sampleError(tf.sub(vOld, step), inputs, adaptiveWeight);
    loss = tf.add(loss, tf.mul(tf.sub(1, optimality), negative));
  }
  if (klWeight === 0) return loss;
  if (!inputs.vReference) throw new UserError("a KL weight without a reference policy", "give vReference");
  return tf.add(loss, tf.mul(maskedMean(tf.squaredDifference(vTheta, inputs.vReference), mask), klWeight));
}

/**
 * Negative-aware fine-tuning, the paper's objective (DiffusionNFT, arXiv 2509.16117; WorldCompass, arXiv 2602.09022, equations
 * 5 to 7): good candidates pull the policy's prediction, bad ones push the one mirrored at the old policy's.
 *
 * @param options beta > 0 (default 1), `adaptiveWeight` (true), `oldPolicy` ("true"), `positiveOnly` (false), klWeight >= 0 (0)
 * @throws UserError at an unknown name, and at a value out of its range
 * @example
 * ```ts
 * import { nft } from "worldcompass";
 * const objective = nft({ beta: 0.5, klWeight: 0.01 });
 * console.log(objective.name, objective.reference); // => nft true
 * ```
 */
export function nft(options: Partial<NftConfig> = {}): Objective {
  const config = parseConfig(nftChoices, options);
  return {
    name: "nft",
    reference: config.klWeight > 0,
    loss: (inputs) => nftLoss(inputs, config),
  };
}
