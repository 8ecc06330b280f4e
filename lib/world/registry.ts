/** The worlds by name, for configs and command lines. */
import { UserError } from "../util/errors.ts";
import type { World } from "./world.ts";

const WORLDS: Readonly<Record<string, () => Promise<World>>> = {
  courtyard: async () => (await import("./courtyard/courtyard.ts")).courtyard,
};

export const WORLD_NAMES: readonly string[] = Object.keys(WORLDS);

/** @throws UserError on an unknown name */
export async function openWorld(name: string): Promise<World> {
  const open = Object.hasOwn(WORLDS, name) ? WORLDS[name] : undefined;
  if (!open) throw new UserError(`there is no world "${name}"`, `give one of ${WORLD_NAMES.join(", ")}`);
  return open();
}
