/** `npm run train -- --world courtyard`: from no data to a trained model of a world; goes on where it was stopped. `--only tokeniser` does one part. */
import { join } from "node:path";
import { PARTS } from "../experiments/pipeline/pipeline.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { UserError } from "../util/errors.ts";
import { openWorld } from "../world/registry.ts";
import { parseOptions, runMain } from "./options.ts";

runMain(async () => {
  const options = parseOptions({ world: "courtyard", out: "runs", only: "", seed: 0, workers: 1, threads: 0 });
  const { out, only, seed, workers, threads } = options;
  const names = only ? only.split(",") : Object.keys(PARTS);
  for (const name of names) {
    if (!Object.hasOwn(PARTS, name))
      throw new UserError(`there is no part "${name}"`, `give some of ${Object.keys(PARTS).join(", ")}`);
  }
  const world = await openWorld(options.world);
  if (names.some((name) => name !== "data")) await openBackend({ threads: threads || undefined });
  for (const name of names) await PARTS[name]({ world, dir: join(out, world.name), seed, workers });
  await world.close();
});
