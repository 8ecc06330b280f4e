/** An evaluating process, on a backend of one thread. */
import { openBackend } from "../runtime/backend/backend.ts";
import { takeJobs, tellParent } from "../util/child.ts";
import { type ApartJob, evaluateJob } from "./apart.ts";

takeJobs(async (job: ApartJob) => {
  await openBackend({ prefer: job.backend, threads: 1 });
  const evaluated = evaluateJob(job, (clips) => void tellParent({ clips }));
  await tellParent({ evaluated });
});
