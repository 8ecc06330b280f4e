/** What an arm's model looks like, in a picture small enough to be committed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { contactSheet } from "../display/media/index.ts";
import { clipEnds, videoFrom } from "../evaluation/index.ts";
import { writeAtomic } from "../util/files.ts";
import { fromRoot } from "../util/root.ts";
import { folderOf, type Group, jobsOf } from "./arms.ts";
import type { Measurement } from "./measure.ts";
import { RESULTS } from "./record.ts";
import { weightsOf } from "./train.ts";

/** Path of an arm's contact sheet. */
export const picturePath = (group: string, arm: string, results = RESULTS): string =>
  join(results, "pictures", `${group}-${arm}.png`);

/** Writes a contact sheet: the first basic and the first combined prompt, truth above, at the ends of clips. */
export function savePicture(path: string, { evaluated, sets, horizons }: Measurement): void {
  const clips = (horizons[0].frames + 3) / 16;
  const rows = evaluated.flatMap(({ videos }, i) => [sets[i].truths[0], videos[0]]);
  const frames = clipEnds(clips, 2);
  const sheet = contactSheet(
    rows.map((bytes) => videoFrom(bytes, clips)),
    { labels: evaluated.flatMap(({ actions }) => ["true", actions]), frames, scale: 2 },
  );
  writeAtomic(fromRoot(path), sheet);
}

/** Arms of a group whose weights of seed 0 are on this machine: their names, and folders to load from. */
export function trainedArms(group: Group, runs = "runs/experiments"): { name: string; dir: string }[] {
  const arms = jobsOf(group, [0]).map((job) => ({ name: job.arm.name, dir: weightsOf(join(runs, folderOf(job))) }));
  return arms.filter(({ dir }) => existsSync(fromRoot(join(dir, "config.json"))));
}
