/** How much notebooks measure live; records hold the whole. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Row, readReport, rowsAbout } from "../evaluation/report.ts";
import { advise } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import { fromRoot } from "../util/root.ts";
import { MAIN } from "./tables.ts";

export interface Profile {
  /** Prompts of each kind of commands. */
  readonly prompts: number;
  /** Clips of each video, 16 frames each; the first has 13. */
  readonly clips: number;
}

/** `paper` takes minutes, `ci` a minute, `smoke` shows that everything runs. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  paper: { prompts: 8, clips: 24 },
  ci: { prompts: 2, clips: 3 },
  smoke: { prompts: 1, clips: 2 },
};

/** @throws UserError where there is no such profile */
export function profileOf(name: string): Profile {
  if (Object.hasOwn(PROFILES, name)) return PROFILES[name];
  const mend = advise(name, Object.keys(PROFILES), (known) => known);
  throw new UserError(`there is no profile "${name}"`, mend);
}

/** Is this world's base model in this folder of networks? */
export const isShipped = (networks: string): boolean => existsSync(fromRoot(join(networks, "base", "config.json")));

/** What is recorded of a world; nothing where it was never measured. */
export function recordedRows(world: string): Row[] {
  const path = fromRoot(MAIN);
  return existsSync(path) ? rowsAbout(readReport(path).rows, { world }) : [];
}
