/** What `npm run train` lets one choose of each training, with its defaults: `--base.batch 8 --post.objective.beta 0.5`. */
import { z } from "zod";
import { ditDials } from "../../model/dit/config.ts";
import { nftChoices } from "../../objective/nft.ts";
import { baseTraining } from "../../training/base/config.ts";
import { postTraining } from "../../training/post/config.ts";
import { namesOf } from "../../training/registry.ts";
import { count, positive, text, weight, whole } from "../../util/schema.ts";

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

/** The paper's released code has interaction 2 and drift of quality 1; here nearness teaches more, and is what ships. */
const rewards = z.strictObject({
  interaction: weightOf(0, "The paper's, there 2: mean of translation and rotation accuracy."),
  interactionSoft: weightOf(0, "Probability of the commanded classes."),
  interactionExact: weightOf(0, "Share of steps with the whole action right."),
  interactionNear: weightOf(2, "Nearness of the measured motion to the commanded one."),
  visual: weightOf(0, "Score of the preference model."),
  visualDrift: weightOf(0, "The paper's, there 1: minus the change of that score since the first picture."),
});

const objective = z.strictObject({
  name: z.enum(namesOf("objective")).default("nft").describe("What is minimised."),
  ...nftChoices.shape,
});

const rollout = postTraining.shape.rollout.unwrap();
/** A guided candidate does more of what is commanded: there is something better than the average to be found. */
const explored = rollout.shape.explore.unwrap().extend({
  guidance: z
    .array(weight())
    .min(1)
    .default([1, 1.5, 2, 3])
    .describe("Weights of action guidance, dealt out to the candidates in turn; 1 is none (ours; paper: noise alone)."),
});

/** Post-training: its numbers, and what the names in it stand for (lib/training/registry.ts). */
export const postChoices = postTraining.omit({ seed: true }).extend({
  iterations: postTraining.shape.iterations.unwrap().default(48).describe("Iterations (paper: up to 100)."),
  rollout: rollout.extend({ explore: explored.prefault({}) }).prefault({}),
  update: postTraining.shape.update
    .unwrap()
    .extend({
      lr: positive().default(4e-4).describe("Learning rate of Muon (paper: 1e-5, for a model of billions)."),
      anchor: weight().default(1).describe("Weight of the loss on real data (ours; paper: none)."),
    })
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
  prompts: count(1000).default(32).describe("Prompts of each kind of commands."),
  models: z.array(text()).default([]).describe("Models and baselines to measure; all where none is given."),
  clips: count(1000).min(8).default(24).describe("Clips of the main table's videos: 8 for 125 frames, 24 for 381."),
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
