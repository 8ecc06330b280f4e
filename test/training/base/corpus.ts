/** A small corpus of random latents. */
import type { Corpus } from "../../../lib/training/base/corpus.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { randomVideo, SMALL } from "../../model/dit/small.ts";

const CLIPS = 7;
const VIDEOS = Array.from({ length: 6 }, (_, i) => randomVideo(CLIPS, "corpus", i));

export const corpus: Corpus = {
  world: courtyard,
  latent: SMALL.latent,
  trajectories: VIDEOS.length,
  clips: CLIPS,
  latents: (i, n) => VIDEOS[i].latents[n],
  actions: (i, n) => Uint8Array.from(VIDEOS[i].actions[n]),
  paths: (i) => VIDEOS[i].paths,
  firstFrame: () => new Uint8Array(80 * 48 * 3),
};
