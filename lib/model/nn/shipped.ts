/** The networks that the repository ships: where a name leads, and that none is replaced by something else. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { UserError } from "../../util/errors.ts";
import { fromRoot } from "../../util/root.ts";
import { readRecord } from "../../util/strict-json.ts";

const SHIPPED = "checkpoints";

/** The folder of a name: a network of the repository, or where it is a path (`./mine`, `runs/mine`), that. */
export function shippedFolder(name: string): string {
  if (/^[\w][\w.-]*$/.test(name)) return `${SHIPPED}/${name}`;
  if (name.includes("/") || name.includes("\\")) return name;
  throw new UserError(`"${name}" is no name of a network`, "give letters, digits, dots and dashes, or a path");
}

/** What makes two networks the same kind of thing; all else says how good one is, or when it was made. */
const RECIPE = ["network", "shape", "model", "head", "seed", "training", "tokeniser"];
/** What is measured along the way stands among the training's options in some. */
const MEASURED = ["validationCurve", "validation"];

function recipeOf(config: Record<string, unknown>): Record<string, string> {
  const entries = RECIPE.flatMap((name) => (name in config ? [[name, config[name]] as const] : []));
  const text = (value: unknown): string =>
    JSON.stringify(value, (key, part) => (MEASURED.includes(key) ? undefined : part)) ?? "nothing";
  return Object.fromEntries(entries.map(([name, value]) => [name, text(value)]));
}

/** @throws UserError if the folder holds a shipped network that was made in another way */
export function refuseOtherRecipe(dir: string, config: Record<string, unknown>): void {
  const path = fromRoot(join(dir, "config.json"));
  const inside = relative(fromRoot(SHIPPED), path);
  if (inside.startsWith("..") || !existsSync(path)) return;
  const [found, ours] = [recipeOf(readRecord(path, "restore the file from git")), recipeOf(config)];
  const unlike = Object.keys({ ...found, ...ours }).filter((name) => found[name] !== ours[name]);
  if (unlike.length === 0) return;
  throw new UserError(
    `${dir} holds a shipped network of another recipe: ${unlike.join(", ")} ${unlike.length === 1 ? "differs" : "differ"}`,
    "publish under another name, or remove that folder first",
  );
}
