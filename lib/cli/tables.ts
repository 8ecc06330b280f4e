/** `npm run tables`: draws the tables of README and docs/results.md again from data/results. */
import { z } from "zod";
import { drawPages } from "../experiments/prose.ts";
import { drawnTables } from "../experiments/tables.ts";
import { replaceSection } from "../util/marked.ts";
import { fromRoot, ROOT } from "../util/root.ts";
import { runCommand } from "./command.ts";

const about = "Draws the tables of README and docs/results.md again from data/results.";

await runCommand({ name: "tables", about, options: z.strictObject({}) }, () => {
  for (const [path, sections] of Object.entries(drawnTables()))
    for (const [name, lines] of Object.entries(sections)) replaceSection(fromRoot(path), name, lines);
  drawPages(ROOT);
});
