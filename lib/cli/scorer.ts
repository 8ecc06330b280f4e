/** `npm run scorer -- --reward interaction`: serves a reward of ours over HTTP to programs in any language (docs/scorers.md). */
import { once } from "node:events";
import { z } from "zod";
import { TOKEN } from "../rewards/wire/address.ts";
import { serveReward } from "../rewards/wire/server.ts";
import { openServed, SERVED } from "../training/served.ts";
import { count, text, threads, whole } from "../util/schema.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  reward: z.enum(SERVED).default("interaction").describe("Which of ours."),
  networks: text()
    .default("checkpoints/courtyard")
    .describe("Folder of a world's networks, for rewards that need some."),
  host: text()
    .default("127.0.0.1")
    .describe(`Address to listen on; others than this machine's own want a token in ${TOKEN}.`),
  port: whole().max(65535).default(9000).describe("0 takes a free one."),
  limit: count(4096).default(256).describe("Largest request, MiB."),
  threads: threads(),
});
const about = "Serves a reward of ours over HTTP, until it is ended.";

await runCommand(
  { name: "scorer", about, options },
  async ({ reward: name, networks, host, port, limit, threads: most }) => {
    const { reward, needsPast } = await openServed(name, networks, most);
    const token = process.env[TOKEN];
    const server = await serveReward({ reward, needsPast, host, port, token, limit: limit * 2 ** 20 });
    console.log(`${name} at ${server.url}; Ctrl-C ends it`);
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    await server.close();
  },
);
