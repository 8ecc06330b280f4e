/** `npm run train -- --world courtyard`: from no data to a trained model of a world; goes on where it was stopped. `--only tokeniser` does one part. */
import { join } from "node:path";
import { PARTS } from "../experiments/pipeline/pipeline.ts";
import { openBackend, PRODUCTS, type Products } from "../runtime/backend/backend.ts";
import { UserError } from "../util/errors.ts";
import { openWorld } from "../world/registry.ts";
import { parseOptions, runMain } from "./options.ts";

function productsOf(name: string): Products {
  const found = PRODUCTS.find((known) => known === name);
  if (found) return found;
  throw new UserError(`there are no products in "${name}"`, `choose one of ${PRODUCTS.join(", ")}`);
}

runMain(async () => {
  const {
    world: worldName,
    out,
    only,
    products,
    ...options
  } = parseOptions({
    world: "courtyard",
    out: "runs",
    only: "",
    seed: 0,
    workers: 1,
    threads: 0,
    products: "bfloat16",
  });
  const { seed, workers, threads } = options;
  const names = only ? only.split(",") : Object.keys(PARTS);
  for (const name of names) {
    if (!Object.hasOwn(PARTS, name))
      throw new UserError(`there is no part "${name}"`, `give some of ${Object.keys(PARTS).join(", ")}`);
  }
  const world = await openWorld(worldName);
  if (names.some((name) => name !== "data"))
    await openBackend({ threads: threads || undefined, products: productsOf(products) });
  for (const name of names) await PARTS[name]({ world, dir: join(out, world.name), seed, workers });
  await world.close();
});
