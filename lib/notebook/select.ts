import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../util/errors.ts";

const ORDERED = /^\d\d-.*\.ipynb$/;

/**
 * The ordered notebooks (`NN-name.ipynb`) of a folder.
 *
 * @param only start of a file's name ("01"), or several, separated by commas; empty for all
 */
export function selectNotebooks(folder: string, only: string): string[] {
  if (!existsSync(folder)) throw new UserError(`there is no folder ${folder}`, "name one that holds notebooks");
  const all = readdirSync(folder)
    .filter((name) => ORDERED.test(name))
    .sort();
  const wanted = only.split(",").filter((prefix) => prefix !== "");
  for (const prefix of wanted) {
    if (!all.some((name) => name.startsWith(prefix))) {
      throw new UserError(`no notebook starts with "${prefix}"`, `choose among ${all.join(", ")}`);
    }
  }
  const chosen = wanted.length === 0 ? all : all.filter((name) => wanted.some((prefix) => name.startsWith(prefix)));
  return chosen.map((name) => join(folder, name));
}
