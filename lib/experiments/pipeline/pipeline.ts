/** Everything from no data to a trained model of a world, in parts that resume: `npm run train -- --world courtyard`. */
import { join } from "node:path";
import { loadTokeniser } from "../../model/tokeniser/tokeniser.ts";
import { openDataset } from "../../world/dataset/read.ts";
import { recordedWorld } from "../../world/dataset/recorded.ts";
import type { World } from "../../world/world.ts";
import { makeBase } from "./base.ts";
import { makeControls } from "./controls.ts";
import { makeData } from "./data.ts";
import { makeDepth } from "./depth.ts";
import { makeEstimators, trainClassifiers } from "./estimators.ts";
import { networkDir, type Pipeline } from "./folders.ts";
import { makeRecalling } from "./memory.ts";
import { makePostTrained } from "./post.ts";
import { makePreferences } from "./preference.ts";
import { measureAll } from "./tables.ts";
import { makeTokeniser } from "./tokeniser.ts";

/** In the order in which each finds what it needs. */
export const PARTS: Readonly<Record<string, (pipeline: Pipeline) => Promise<void>>> = {
  data: makeData,
  tokeniser: makeTokeniser,
  depth: makeDepth,
  estimators: makeEstimators,
  base: makeBase,
  memory: makeRecalling,
  preference: makePreferences,
  post: makePostTrained,
  controls: makeControls,
  tables: measureAll,
};

/** What recordings allow: depth needs true depths, rewards need it, and prompts need levels. */
export const RECORDED_PARTS: typeof PARTS = {
  tokeniser: makeTokeniser,
  estimators: async (pipeline) => {
    await trainClassifiers(pipeline, loadTokeniser(networkDir(pipeline, "tokeniser")));
  },
  base: makeBase,
};

/** The world of imported recordings. @param dir folder of its runs. @throws UserError where nothing was imported */
export async function openRecordings(dir: string): Promise<World> {
  const { manifest } = await openDataset(join(dir, "data", "pretrain"));
  return recordedWorld(manifest.description.world);
}
