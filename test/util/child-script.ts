/** What `child.test.ts` starts: answers twice, fails, or is gone before the job is done. */
import { takeJobs, tellParent } from "../../lib/util/child.ts";

export interface TestJob {
  value: Float32Array;
  end: "answer" | "fail" | "leave";
}

takeJobs(async ({ value, end }: TestJob) => {
  if (end === "fail") throw new Error("no such clip");
  if (end === "leave") process.exit(0);
  await tellParent({ doubled: value.map((x) => 2 * x) });
  await tellParent({ pid: process.pid });
});
