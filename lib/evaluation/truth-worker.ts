/** A judging process; it needs no backend. */
import { takeJobs, tellParent } from "../util/child.ts";
import type { TruthJob } from "./apart.ts";
import { truthRow } from "./under-truth.ts";

takeJobs(({ model, actions, videos, clips }: TruthJob) => tellParent({ row: truthRow(model, actions, videos, clips) }));
