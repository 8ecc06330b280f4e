/** `npm run train:tokeniser`: trains the tokeniser on data/shards/tokeniser, or resumes. */
import { openBackend } from "../backend/backend.ts";
import { openDataset } from "../dataset/index.ts";
import { TOKENISER_TRAINING, trainTokeniser } from "../tokeniser/train.ts";
import { parseOptions, runMain } from "./options.ts";

runMain(async () => {
  const options = parseOptions({
    data: "data/shards/tokeniser",
    out: "runs/tokeniser",
    threads: 0,
    ...TOKENISER_TRAINING,
  });
  const { data, out, threads, ...config } = options;
  await openBackend({ threads: threads || undefined });
  const dataset = await openDataset(data);
  const videos = Array.from({ length: dataset.trajectories }, (_, i) => dataset.read(i).frames);
  trainTokeniser(out, { count: videos.length, frames: (i) => videos[i] }, config);
});
