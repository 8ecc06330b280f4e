/** `program.ts --dir DIR --steps N --pause MS`: the small training as a program of its own, with a pause in each step. */
import { z } from "zod";
import { runCommand } from "../../../lib/cli/command.ts";
import { openBackend } from "../../../lib/runtime/backend/backend.ts";
import { runTraining } from "../../../lib/training/run.ts";
import { options as small } from "./small.ts";

const options = z.strictObject({
  dir: z.string(),
  steps: z.int().default(7),
  pause: z.number().default(0),
});

await runCommand({ name: "test", about: "Runs.", options }, async ({ dir, steps, pause }) => {
  await openBackend();
  const run = small(dir, steps);
  await runTraining({
    ...run,
    step: (state, step) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
      return run.step(state, step);
    },
  });
});
