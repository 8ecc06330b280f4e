/** `npm run tables`: draws README's tables of results again from data/results. */
import { readmeTables } from "../experiments/readme.ts";
import { replaceSection } from "../util/marked.ts";
import { fromRoot } from "../util/root.ts";
import { parseOptions, runMain } from "./options.ts";

runMain(async () => {
  parseOptions({});
  for (const [name, lines] of Object.entries(readmeTables())) replaceSection(fromRoot("README.md"), name, lines);
});
