/** `npm run data:card`: makes the committed sample in data/sample and writes data/README.md. */
import { z } from "zod";
import { writeAtomic } from "../util/files.ts";
import { text } from "../util/schema.ts";
import { dataCard } from "../world/data/card.ts";
import { generateDataset, SAMPLE } from "../world/data/index.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({ out: text().default("data/README.md").describe("Where the card is written.") });
const about = "Makes the committed sample in data/sample, and the data card.";

await runCommand({ name: "data:card", about, options }, async ({ out }) => {
  writeAtomic(out, dataCard(await generateDataset(SAMPLE)));
  console.log(out);
});
