import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../util/errors.ts";

const ORDERED = /^\d\d-.*\.ipynb$/;

/**
 * The ordered notebooks (`NN-name.ipynb`) of a folder.
 *
 * @param only starts of the files' names ("01"); empty for all
 * @throws UserError where there is none, or none that starts so
 */
export function selectNotebooks(folder: string, only: readonly string[]): string[] {
  if (!existsSync(folder)) throw new UserError(`there is no folder ${folder}`, "name one that holds notebooks");
  const all = readdirSync(folder)
    .filter((name) => ORDERED.test(name))
    .sort();
  if (all.length === 0)
    throw new UserError(`${folder} holds no notebook`, "name a folder with 00-first.ipynb and so on");
  for (const prefix of only) {
    if (!all.some((name) => name.startsWith(prefix))) {
      throw new UserError(`no notebook starts with "${prefix}"`, `choose among ${all.join(", ")}`);
    }
  }
  const chosen = only.length === 0 ? all : all.filter((name) => only.some((prefix) => name.startsWith(prefix)));
  return chosen.map((name) => join(folder, name));
}
