import {
  BASIC_PRIMITIVES,
  CLEARANCE,
  EYE_HEIGHT,
  FRAME_BYTES,
  framesOf,
  HEIGHT,
  keyOf,
  PITCH_LIMIT,
  PITCH_STEP,
  RECORDED,
  SCENES_PER_SPLIT,
  SPLITS,
  type Split,
  sceneSeed,
  TRANSLATION_STEP,
  WIDTH,
  YAW_STEP,
} from "../index.ts";
import { SIGHT, type Trajectory } from "../plane/index.ts";
import { configOf } from "./generate.ts";
import type { Manifest } from "./manifest.ts";
import { RECIPES } from "./recipe.ts";
import { planOf } from "./shard.ts";
import { actionStatistics, labelAgreement, solidsInSight, visibility } from "./statistics.ts";

/** What the shipped checkpoints were made from. */
export const SIZES: Readonly<Partial<Record<Split, { trajectories: number; latents: number }>>> = {
  pretrain: { trajectories: 4800, latents: 40 },
  tokeniser: { trajectories: 200, latents: 17 },
  "estimator-reward": { trajectories: 350, latents: 17 },
  "estimator-evaluation": { trajectories: 350, latents: 17 },
  validation: { trajectories: 40, latents: 40 },
};

const VISIBILITY_SCENES = 60;
const SOLID_SCENES = 300;
const degrees = (radians: number): string => `${((radians * 180) / Math.PI).toFixed(2).replace(/\.?0+$/, "")} degrees`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const row = (...cells: (string | number)[]): string => `| ${cells.join(" | ")} |`;
const table = (head: string[], rows: (string | number)[][]): string =>
  [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");

function pretrainPlans(): Trajectory[] {
  const { trajectories, latents } = SIZES.pretrain as { trajectories: number; latents: number };
  const config = configOf({ dir: "", split: "pretrain", trajectories, latents, seed: 0 });
  return Array.from({ length: trajectories }, (_, i) => planOf(config, i));
}

function splitTable(): string {
  const rows = SPLITS.map((split) => {
    const { kinds, segment, rollover } = RECIPES[split];
    const size = SIZES[split];
    const seeds = `${sceneSeed(split, 0)} to ${sceneSeed(split, SCENES_PER_SPLIT - 1)}`;
    const log = rollover === RECORDED ? "recorded" : "clean";
    const made = size
      ? `${size.trajectories} x ${size.latents} latents (${framesOf(size.latents)} frames)`
      : "as needed";
    return [split, seeds, kinds.join(", "), segment.join(" to "), log, made];
  });
  return table(["split", "scene seeds", "commands", "segment, latents", "key log", "size"], rows);
}

function visibilityTable(plans: Trajectory[]): string {
  const pitches = [-PITCH_LIMIT, 0, PITCH_LIMIT];
  const columns = pitches.map((pitch) => {
    const starts = plans.slice(0, VISIBILITY_SCENES).map(({ sceneSeed: seed, poses }) => {
      return { sceneSeed: seed, pose: { ...poses[0], pitch } };
    });
    return visibility(starts, BASIC_PRIMITIVES);
  });
  const rows = BASIC_PRIMITIVES.map((a) => [keyOf(a), ...columns.map((column) => column[keyOf(a)].toFixed(1))]);
  return table(["action", ...pitches.map((pitch) => `pitch ${degrees(pitch)}`)], rows);
}

function sampleText({ config, shards }: Manifest): string {
  const frames = config.trajectories * framesOf(config.latents);
  const frameBytes = shards.flatMap((entry) => entry.frameBytes).reduce((a, b) => a + b, 0);
  const bytes = shards.flatMap(({ files }) => Object.values(files).map((f) => f.bytes)).reduce((a, b) => a + b, 0);
  return `\`data/sample/${config.split}\`: ${config.trajectories} trajectories of split ${config.split}, \
${config.latents} latents each (${frames} frames, ${Math.ceil(bytes / 1000)} kB; ${Math.round(frameBytes / frames)} bytes a \
frame of ${FRAME_BYTES}).`;
}

/** The data card, every number in it computed. @param sample the manifest of the committed sample */
export function dataCard(sample: Manifest): string {
  const plans = pretrainPlans();
  const { latents, shares, basicInFull, combinedInFull, segment } = actionStatistics(plans);
  const agreement = plans.reduce((sum, plan) => sum + labelAgreement(plan), 0) / plans.length;
  const solids = solidsInSight(plans.slice(0, SOLID_SCENES));
  const { combinedFraction, noneFraction } = RECIPES.pretrain;
  const shareRows = Object.entries(shares).map(([name, s]) => [name, percent(s.commanded), percent(s.executed)]);
  return `# Data card

Written by \`npm run data:card\`; every number below is computed from the code.

## What it is
Videos of procedural first-person 3-D scenes, ray-cast by \`lib/world\`: endless tiled ground, a ridge of mountains and a
sun in the sky, boxes, cylinders, cones and spheres in two flat colours each. Everything
follows from seeds; no outside material is used. Frames are ${WIDTH}x${HEIGHT} RGB. The camera's eye is ${EYE_HEIGHT} units high. Per frame an action moves it by
${TRANSLATION_STEP} units, ${degrees(YAW_STEP)} of yaw and ${degrees(PITCH_STEP)} of pitch; a latent is 4 frames, the
first latent 1. Pitch stays within ${degrees(PITCH_LIMIT)}; solids are kept ${CLEARANCE} units away. Solids are drawn
up to ${SIGHT} units away, fading: ${solids.start.toFixed(1)} are that near on average (in all directions), and
${solids.way.toFixed(1)} come that near during a pre-training video.

## Splits
Scenes are disjoint by seed. Actions are the 81 of the paper (arXiv 2602.09022), 9 translations x 9 rotations.
\`basic\`, \`combined\` and \`primitives\` draw a segment's command from the 8, 24 or all 32 primitives, \`uniform\` from all
81 actions, \`mix\` as pre-training does (below). Kinds take turns by trajectory.

${splitTable()}

Made by \`npm run data -- --split NAME --trajectories N --latents N\` into \`data/shards/NAME\`.

## Skew of the pre-training data
Segments are drawn ${percent(combinedFraction)} combined, ${percent(noneFraction)} standing still, the rest basic;
segments that meet a solid or the pitch limit are cut short, so shares of latents differ from shares of segments.
${latents} latents, runs of ${segment.toFixed(1)} latents on average:

${table(["class", "commanded", "executed"], shareRows)}

## Key logs that disagree with the camera
The pre-training corpus mimics a recorded one in which a keyboard drops keys ("rollover"), once per clip of 4 latents and
command: a combined command is carried out in full with probability ${RECORDED.combinedFull}; otherwise the keys of one hand are
dropped, of translation with turn either equally likely, of a diagonal of one hand both keys; a basic command is lost with
probability ${RECORDED.basicLost}. So the camera does the whole command, its translation, its turn, or nothing. As planned:
${percent(basicInFull)} of basic and ${percent(combinedInFull)} of combined latents do what was commanded. \`commanded\` is
the key log, \`executed\` and the poses are the camera's truth. Estimators, rewards, prompts and evaluation are clean.
Labelling the poses by the paper's rule gives back the executed action for ${percent(agreement)} of frame steps.

## How visible the actions are
Mean absolute change of a pixel (0 to 255) by one frame step, over ${VISIBILITY_SCENES} start poses:

${visibilityTable(plans)}

## Format
A folder per split: \`manifest.json\` (configuration; each shard's files with size and SHA-256) and per shard
\`*.actions.parquet\` (trajectory, latent, commanded, executed: 0 to 80), \`*.poses.parquet\` (trajectory, frame, x, z, yaw,
pitch; units and radians) and \`*.frames.br\` (each trajectory's frames as raw RGB under brotli, one after the other;
lossless). Read them with \`openDataset\` of \`lib/world/data\`.

## Sample
${sampleText(sample)}
`;
}
