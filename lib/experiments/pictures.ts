/** What an arm's model looks like, in a picture small enough to be committed. */
import { join } from "node:path";
import { clipEnds, videoFrom } from "../evaluation/index.ts";
import { contactSheet } from "../media/index.ts";
import { writeAtomic } from "../util/files.ts";
import { fromRoot } from "../util/root.ts";
import type { Measurement } from "./measure.ts";
import { RESULTS } from "./record.ts";

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
