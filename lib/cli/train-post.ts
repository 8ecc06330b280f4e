/** `npm run train:post`: post-trains the base model by reinforcement learning, or resumes. */
import { z } from "zod";
import { publishWorldModel } from "../model/legacy/publish.ts";
import { shippedFolder } from "../model/nn/shipped.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { postTraining } from "../training/posttraining/config.ts";
import { openLab, openSources, sourceHashes } from "../training/posttraining/open.ts";
import { postTrainingCard } from "../training/posttraining/report.ts";
import { postTrain } from "../training/posttraining/train.ts";
import { count, text, threads } from "../util/schema.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  base: text().default("checkpoints/base").describe("Folder of the model to start from."),
  data: text().default("data/shards/pretrain").describe("Real data, read where the anchor's weight is above 0."),
  out: text().default("runs/post").describe("Folder of the run."),
  publish: text()
    .optional()
    .describe("Name under which the result is shipped, in checkpoints/; nowhere where not given."),
  saveEvery: count().default(10).describe("Iterations between saved states."),
  sampleEvery: count().default(20).describe("Iterations between sample videos."),
  threads: threads(),
  ...postTraining.shape,
});
const about = "Post-trains the base model by reinforcement learning, or resumes.";

await runCommand({ name: "train:post", about, options }, async (asked) => {
  const { base, data, out, publish, saveEvery, sampleEvery, threads: most, ...config } = asked;
  const backend = await openBackend({ threads: most });
  const sources = openSources({ base, data });
  const lab = await openLab(config, sources);
  const checkpoints = sourceHashes(sources);
  const averaged = await postTrain({ dir: out, lab, backend, checkpoints, saveEvery, sampleEvery });
  if (!publish) return;
  publishWorldModel(
    shippedFolder(publish),
    averaged,
    lab.shape,
    { ...config, checkpoints },
    postTrainingCard(lab, out),
  );
  console.log(`${publish}: written`);
});
