import { UserError } from "../util/errors.ts";
import { actionOf, NONE, ROTATIONS, rotationOf, TRANSLATIONS, translationOf } from "./actions.ts";

/** An action held for a number of latents. */
export interface Command {
  readonly action: number;
  readonly latents: number;
}

/** Other spellings: the keys of a diagonal come in either order. */
const ALIASES: Readonly<Record<string, string>> = {
  aw: "wa",
  dw: "wd",
  as: "sa",
  ds: "sd",
  leftup: "upleft",
  rightup: "upright",
  leftdown: "downleft",
  rightdown: "downright",
};
const KEYS = [...TRANSLATIONS.slice(1), ...ROTATIONS.slice(1)];
const MEND = `Write key-latents separated by commas, as in "w-3, right-2, dw-4"; a key is none, one of ${KEYS.join(", ")}, or a translation and a rotation, as in "w+right".`;

function unknown(what: string, text: string, position: number): UserError {
  return new UserError(`Pose string: ${what} "${text}" at position ${position}.`, MEND);
}

/** The action of a key such as "w", "upleft" or "dw+right", found at `position` (from 1) of a pose string. */
function actionOfKey(key: string, position: number): number {
  if (key === "none") return NONE;
  let [translation, rotation] = [0, 0];
  for (const part of key.split("+")) {
    const name = ALIASES[part] ?? part;
    const t = name === "none" ? -1 : (TRANSLATIONS as readonly string[]).indexOf(name);
    const r = name === "none" ? -1 : (ROTATIONS as readonly string[]).indexOf(name);
    if (t < 0 && r < 0) throw unknown("unknown key", part, position);
    if ((t > 0 && translation > 0) || (r > 0 && rotation > 0)) throw unknown("two keys of one kind in", key, position);
    if (t > 0) translation = t;
    else rotation = r;
  }
  return actionOf(translation, rotation);
}

/** 4 frames each, at 16 frames a second about 70 hours; what is longer is a slip of the pen. */
const MOST_LATENTS = 1_000_000;

/**
 * Parses a pose string, the paper's form of a trajectory (WorldCompass, arXiv 2602.09022): key-latents, in order. A key is
 * `none`, one of w, s, a, d, left, right, up, down, a diagonal, or a translation and a rotation: `w+right`.
 *
 * @throws UserError naming what is wrong and where
 * @example
 * ```ts
 * import { parsePoseString } from "worldcompass";
 * const [first, second] = parsePoseString("w-3, d+left-2");
 * console.log(first.action, first.latents, second.action); // => 9 3 37
 * ```
 */
export function parsePoseString(text: string): Command[] {
  let [position, latents] = [1, 0];
  return text.split(",").map((item) => {
    const start = position + (item.length - item.trimStart().length);
    position += item.length + 1;
    const [, key, count] = /^\s*(\S+?)-(\d+)\s*$/.exec(item) ?? [];
    if (key === undefined) throw unknown("not key-latents:", item.trim(), start);
    const action = actionOfKey(key.toLowerCase(), start);
    if (Number(count) < 1) throw unknown("no latents in", item.trim(), start);
    latents += Number(count);
    if (latents > MOST_LATENTS) {
      const problem = `Pose string: more than ${MOST_LATENTS} latents, at position ${start}.`;
      throw new UserError(problem, "Write fewer: that is more than a day of video.");
    }
    return { action, latents: Number(count) };
  });
}

/**
 * The name of an action, 0..80: "none", "w", "upleft", "wd+right".
 * @example
 * ```ts
 * import { keyOf } from "worldcompass";
 * console.log(keyOf(0), keyOf(9), keyOf(9 * 6 + 2)); // => none w wd+right
 * ```
 */
export function keyOf(action: number): string {
  const [translation, rotation] = [translationOf(action), rotationOf(action)];
  if (rotation === 0) return TRANSLATIONS[translation];
  return translation === 0 ? ROTATIONS[rotation] : `${TRANSLATIONS[translation]}+${ROTATIONS[rotation]}`;
}

/** The inverse of `parsePoseString`, with each key in its one canonical spelling. */
export function printPoseString(commands: readonly Command[]): string {
  return commands.map(({ action, latents }) => `${keyOf(action)}-${latents}`).join(", ");
}

/** One action a latent: none for the initial picture, then the commands. Length 1 + the commands' latents. */
export function actionsOf(commands: readonly Command[]): Uint8Array {
  return Uint8Array.from([NONE, ...commands.flatMap(({ action, latents }) => new Array<number>(latents).fill(action))]);
}

/** The commands of a trajectory's actions (the first, the initial picture's, left out); neighbours alike are joined. */
export function commandsOf(actions: ArrayLike<number>): Command[] {
  const commands: Command[] = [];
  for (let t = 1; t < actions.length; t++) {
    const last = commands.at(-1);
    if (last?.action === actions[t]) commands[commands.length - 1] = { ...last, latents: last.latents + 1 };
    else commands.push({ action: actions[t], latents: 1 });
  }
  return commands;
}
