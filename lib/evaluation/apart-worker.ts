/** An evaluating process: one job, on a backend of one thread. */
import { openBackend } from "../backend/backend.ts";
import { tellParent } from "../util/child.ts";
import { type ApartJob, evaluateJob } from "./apart.ts";

process.once("message", async (job: ApartJob) => {
  await openBackend({ prefer: job.backend, threads: 1 });
  const evaluated = evaluateJob(job, (clips) => void tellParent({ clips }));
  await tellParent({ evaluated });
});
