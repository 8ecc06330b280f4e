/** What `npm run train` lets one choose of each training, with its defaults: `--base.batch 8 --post.objective.beta 0.5`. */
import { z } from "zod";
import { ditDials } from "../../model/dit/config.ts";
import { nftChoices } from "../../objective/nft.ts";
import { baseTraining } from "../../training/base/config.ts";
import { postTraining } from "../../training/post/config.ts";
import { namesOf } from "../../training/registry.ts";
import { count, text, weight, whole } from "../../util/schema.ts";

/** The base model: its shape, and how long it is trained. Seeds are the command's. */
export const baseChoices = baseTraining.omit({ seed: true }).extend({
  model: ditDials.prefault({}),
  steps: count()
    .default(16000)
    .describe("Steps at the constant rate; a finished run goes on where more are asked for."),
  from: text()
    .optional()
    .describe("Folder of a network of this shape to go on from, such as checkpoints/courtyard/base."),
  cooldown: whole().default(3000).describe("Steps in which the rate falls to 0, from there; 0 for none."),
});
export type BaseChoices = z.output<typeof baseChoices>;

const weightOf = (preset: number, about: string) => weight().default(preset).describe(`${about} 0 leaves it out.`);

/** Weights of the paper's released code: interaction 2, drift of quality 1. */
const rewards = z.strictObject({
  interaction: weightOf(2, "The paper's: mean of translation and rotation accuracy."),
  interactionSoft: weightOf(0, "Probability of the commanded classes."),
  interactionExact: weightOf(0, "Share of steps with the whole action right."),
  interactionNear: weightOf(0, "Nearness of the measured motion to the commanded one."),
  visual: weightOf(0, "Score of the preference model."),
  visualDrift: weightOf(1, "The paper's: minus the change of that score since the first picture."),
});

const objective = z.strictObject({
  name: z.enum(namesOf("objective")).default("nft").describe("What is minimised."),
  ...nftChoices.shape,
});

/** Post-training: its numbers, and what the names in it stand for (lib/training/registry.ts). */
export const postChoices = postTraining.omit({ seed: true }).extend({
  update: postTraining.shape.update
    .unwrap()
    .extend({ anchor: weight().default(1).describe("Weight of the loss on real data (ours; paper: none).") })
    .prefault({}),
  rewards: rewards.prefault({}),
  scorers: z
    .array(text())
    .default([])
    .describe("Rewards of other programs (docs/scorers.md) beside these: mine=http://…, mine=0.5*http://…"),
  objective: objective.prefault({}),
  curriculum: z.enum(namesOf("curriculum")).default("min2max").describe("Which clip of the video an iteration trains."),
  exploration: z
    .enum(namesOf("exploration"))
    .default("mixed")
    .describe("noise: candidates differ by their noise alone; mixed: as rollout.explore says."),
});
export type PostChoices = z.output<typeof postChoices>;

/** The measurements. */
export const tablesChoices = z.strictObject({
  prompts: count().default(32).describe("Prompts of each kind of commands."),
  clips: count().min(8).default(24).describe("Clips of the main table's videos: 8 for 125 frames, 24 for 381."),
  wider: z.boolean().default(true).describe("Measure held-out and quick commands, other steps and 765 frames too."),
});
export type TablesChoices = z.output<typeof tablesChoices>;

export interface TrainingConfigs {
  readonly base: BaseChoices;
  readonly post: PostChoices;
  readonly tables: TablesChoices;
}

export const CONFIGS: TrainingConfigs = {
  base: baseChoices.parse({}),
  post: postChoices.parse({}),
  tables: tablesChoices.parse({}),
};
