/** A judging process: one job, without a backend. */
import { tellParent } from "../util/child.ts";
import type { TruthJob } from "./apart.ts";
import { truthRow } from "./under-truth.ts";

process.once("message", async ({ model, actions, videos, clips }: TruthJob) => {
  await tellParent({ row: truthRow(model, actions, videos, clips) });
});
