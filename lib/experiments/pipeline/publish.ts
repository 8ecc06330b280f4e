/** Ships a world's networks, with the records of their trainings: `npm run train -- --world courtyard --publish courtyard`. */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readConfig, shippable } from "../../model/nn/published.ts";
import { shippedFolder } from "../../model/nn/shipped.ts";
import { UserError } from "../../util/errors.ts";
import { fromRoot } from "../../util/root.ts";
import { networkDir, type Pipeline, runDir } from "./folders.ts";

/** What a run records, step by step. */
const CURVE = "metrics.jsonl";

/** What is shipped: the rest can be made again, and every byte stays in the history. Each after what it was made from. */
const SHIPPED = [
  ...["tokeniser", "depth", "odometry", "actions-flow", "actions-cost"],
  ...["base", "base-memory", "preference", "preference-heldout", "post-trained-0"],
];
/** Of these the record of their training is enough. */
const CURVES = ["placebo-0"];
const REPORTS = ["estimators.json", "estimators.md"];
const TOKENISER = "tokeniser";

/** Networks that stay where a tokeniser is replaced would not load any more. */
function refuseOrphans(to: string, replaced: readonly string[], tokeniser: unknown): void {
  const there = existsSync(fromRoot(to)) ? readdirSync(fromRoot(to)) : [];
  const orphan = there
    .filter((name) => !replaced.includes(name) && existsSync(fromRoot(join(to, name, "config.json"))))
    .find((name) => ![undefined, tokeniser].includes(readConfig(join(to, name)).tokeniser));
  if (orphan === undefined) return;
  throw new UserError(
    `${to}/${orphan} was trained with another tokeniser than the one to be shipped`,
    "train it with this one, publish under another name, or remove that folder first",
  );
}

/**
 * @param name of the folder below checkpoints/, or a path
 * @returns the networks that were shipped
 * @throws UserError where there is none, where one is damaged, would replace one of another recipe, or would leave one without
 * the tokeniser that it was trained with; then none is shipped
 */
export function shipNetworks(pipeline: Pick<Pipeline, "world" | "dir">, name: string): string[] {
  const networks = networkDir(pipeline, "");
  const names = SHIPPED.filter((network) => existsSync(fromRoot(join(networks, network, "config.json"))));
  if (names.length === 0)
    throw new UserError(`${networks} holds no network`, `train some: npm run train -- --world ${pipeline.world.name}`);
  const to = shippedFolder(name);
  const ship = names.map((network) => shippable(join(networks, network), join(to, network)));
  if (names.includes(TOKENISER)) refuseOrphans(to, names, readConfig(join(networks, TOKENISER)).sha256);
  for (const one of ship) one();
  for (const network of [...names, ...CURVES]) {
    // A run is not always there any more; what was fetched instead brings its record along.
    const places = [runDir(pipeline, network), networkDir(pipeline, network)].map((dir) => fromRoot(join(dir, CURVE)));
    const curve = places.find((path) => existsSync(path));
    if (!curve) continue;
    mkdirSync(fromRoot(join(to, network)), { recursive: true });
    copyFileSync(curve, fromRoot(join(to, network, CURVE)));
  }
  for (const report of REPORTS) {
    const path = fromRoot(join(networks, report));
    if (existsSync(path)) copyFileSync(path, fromRoot(join(to, report)));
  }
  return names.map((network) => `${to}/${network}`);
}
