/** A process that begins the run of `sixSteps` in the given folder and is killed while it draws the batch of step 5. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { pretrain } from "../../../lib/training/pretraining/train.ts";
import { sixSteps } from "./corpora.ts";

/** Making two trajectories again reads eighteen; a step draws two windows of up to ten clips. */
const CLIPS_AFTER_SAVE = 45;

const [dir] = process.argv.slice(2);
const run = sixSteps(dir);
let drawn = 0;
const tokens = (i: number, clip: number): Float32Array => {
  if (existsSync(join(dir, "state.safetensors"))) drawn++;
  if (drawn === CLIPS_AFTER_SAVE) process.kill(process.pid, "SIGKILL");
  return run.corpus.tokens(i, clip);
};
await openBackend();
await pretrain({ ...run, corpus: { ...run.corpus, tokens } });
