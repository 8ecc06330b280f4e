/** `npm run hub -- --networks runs/courtyard/networks --out DIR`: a world's networks as a model repository; then `hf upload OWNER/NAME DIR`. */
import { z } from "zod";
import { packNetworks } from "../model/hub/layout.ts";
import { text } from "../util/schema.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  networks: text().default("checkpoints/courtyard").describe("Folder of a world's networks."),
  only: z.array(text()).min(1).optional().describe("Networks to take; all where not given."),
  title: text().default("A small interactive world model").describe("Of the model card."),
  out: text().describe("New folder for the model, laid out as the Hugging Face Hub expects."),
});
const about =
  "Lays a world's networks out as the Hugging Face Hub expects: card, index with hashes, a folder a network.";

await runCommand({ name: "hub", about, options }, ({ networks, only, title, out }) => {
  const { files } = packNetworks({ from: networks, to: out, title, networks: only });
  console.log(`${out}: ${Object.keys(files).length} files; upload them with: hf upload OWNER/NAME ${out}`);
});
