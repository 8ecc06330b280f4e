/** `npm run data:card`: makes the committed sample in data/sample and writes data/README.md. */
import { dataCard } from "../dataset/card.ts";
import { generateDataset, SAMPLE } from "../dataset/index.ts";
import { writeAtomic } from "../util/files.ts";
import { parseOptions, runMain } from "./options.ts";

runMain(async () => {
  const { out } = parseOptions({ out: "data/README.md" });
  writeAtomic(out, dataCard(await generateDataset(SAMPLE)));
  console.log(out);
});
