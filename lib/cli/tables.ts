/** `npm run tables`: draws README's tables of results again from data/results. */
import { z } from "zod";
import { drawPages } from "../experiments/prose.ts";
import { readmeTables } from "../experiments/readme.ts";
import { replaceSection } from "../util/marked.ts";
import { fromRoot, ROOT } from "../util/root.ts";
import { runCommand } from "./command.ts";

const about = "Draws README's tables of results again from data/results.";

await runCommand({ name: "tables", about, options: z.strictObject({}) }, () => {
  for (const [name, lines] of Object.entries(readmeTables())) replaceSection(fromRoot("README.md"), name, lines);
  drawPages(ROOT);
});
