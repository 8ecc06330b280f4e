/** Everything from no data to a trained model of a world, in parts that resume: `npm run train -- --world courtyard`. */
import { makeBase } from "./base.ts";
import { makeControls } from "./controls.ts";
import { makeData } from "./data.ts";
import { makeDepth } from "./depth.ts";
import { makeEstimators } from "./estimators.ts";
import type { Pipeline } from "./folders.ts";
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
  preference: makePreferences,
  post: makePostTrained,
  controls: makeControls,
  tables: measureAll,
};
