/** `npm run data:card`: makes the committed sample in data/sample and writes data/README.md. */

import { writeAtomic } from "../util/files.ts";
import { dataCard } from "../world/data/card.ts";
import { generateDataset, SAMPLE } from "../world/data/index.ts";
import { parseOptions, runMain } from "./options.ts";

runMain(async () => {
  const { out } = parseOptions({ out: "data/README.md" });
  writeAtomic(out, dataCard(await generateDataset(SAMPLE)));
  console.log(out);
});
