/** The worlds that a command or a config can name. One of your own needs no name: pass it as a value. */
import { ensureVizdoom } from "../runtime/setup/vizdoom.ts";
import { advise } from "../util/config.ts";
import { UserError } from "../util/errors.ts";
import type { World } from "./world.ts";

interface Entry {
  /** Installs what `npm ci` and the common set-up do not. */
  setUp(): Promise<void>;
  open(): Promise<World>;
}

const WORLDS: Readonly<Record<string, Entry>> = {
  courtyard: { setUp: async () => {}, open: async () => (await import("./courtyard/courtyard.ts")).courtyard },
  doom: { setUp: ensureVizdoom, open: async () => (await import("./doom/doom.ts")).openDoom() },
};

/**
 * The worlds that there are by name.
 * @example
 * ```ts
 * import { WORLD_NAMES } from "worldcompass";
 * console.log(WORLD_NAMES.join(", ")); // => courtyard, doom
 * ```
 */
export const WORLD_NAMES: readonly string[] = Object.keys(WORLDS);

/** @throws UserError where there is no such world */
function entryOf(name: string): Entry {
  if (Object.hasOwn(WORLDS, name)) return WORLDS[name];
  throw new UserError(
    `there is no world "${name}"`,
    advise(name, WORLD_NAMES, (known) => known),
  );
}

/** Installs what a world needs; at once where it is there. @throws UserError where that cannot be done */
export const setUpWorld = async (name: string): Promise<void> => entryOf(name).setUp();

/** Why a world cannot be opened on this machine, in a line, after trying to install what it needs; nothing where it can. */
export async function worldFault(name: string): Promise<string | undefined> {
  try {
    await setUpWorld(name);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/**
 * Opens a world by its name and installs what it needs, where that is not there yet. Close it after use.
 *
 * @throws UserError where there is no such world, or where it cannot run on this machine
 * @example
 * ```ts
 * import { openWorld, Rng } from "worldcompass";
 * const world = await openWorld("courtyard");
 * const level = world.level(7);
 * const pictures = await level.render([level.spawn(Rng.of("somewhere"))]);
 * console.log(pictures.length); // => 11520
 * await world.close();
 * ```
 */
export const openWorld = async (name: string): Promise<World> => entryOf(name).open();
