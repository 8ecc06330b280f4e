/** What somebody's videos were commanded to show: a file that names each video and its pose string. */
import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { onFile, UserError } from "../../util/errors.ts";
import { isRecord, parseJson } from "../../util/strict-json.ts";
import { ACTIONS, NONE } from "../../world/actions.ts";
import { actionsOf, parsePoseString } from "../../world/pose-string.ts";

/** A video and its commands. */
export interface Commanded {
  /** Its file below the folder of videos; the ending may be left out. */
  readonly name: string;
  /** One action a latent, the first of them none: the initial picture. */
  readonly actions: Uint8Array;
}

const MEND = 'write a line "name.mp4: w-31, right-16" for each video, or JSON: {"name.mp4": "w-31, right-16"}';

/**
 * Reads a file of commands: lines `name: pose string` (`#` begins a remark), or a JSON object whose values are pose strings, or
 * lists of actions (0 to 80), one for each four frames after the first.
 * @throws UserError naming the line, or the video, that is wrong
 */
export function readCommands(path: string): Commanded[] {
  if (!existsSync(path)) throw new UserError(`there is no file of commands ${path}`, MEND);
  const text = onFile(path, () => readFileSync(path, "utf8")).replace(/^\uFEFF/, "");
  const commands = extname(path).toLowerCase() === ".json" ? fromJson(path, text) : fromLines(path, text);
  if (commands.length === 0) throw new UserError(`${path} names no video`, MEND);
  const names = commands.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`${path} names ${twice} twice`, "name each video once");
  return commands;
}

function fromLines(path: string, text: string): Commanded[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const written = line.replace(/(^|\s)#.*$/, "").trim();
    if (written === "") return [];
    // A name may hold a colon, a pose string none.
    const [, name, commands] = /^(.+?)\s*[:\t]\s*([^:\t]+)$/.exec(written) ?? [];
    if (name === undefined) throw new UserError(`${path}, line ${i + 1}: no "name: pose string"`, MEND);
    return [{ name, actions: parsed(commands, `${path}, line ${i + 1} (${name})`) }];
  });
}

function fromJson(path: string, text: string): Commanded[] {
  const value = parseJson(text, path, MEND);
  if (!isRecord(value)) throw new UserError(`${path} does not hold an object`, MEND);
  return Object.entries(value).map(([name, commands]) => {
    if (typeof commands === "string") return { name, actions: parsed(commands, `${path} (${name})`) };
    const sound = (a: unknown): boolean => Number.isInteger(a) && Number(a) >= 0 && Number(a) < ACTIONS;
    if (Array.isArray(commands) && commands.length > 0 && commands.every(sound))
      return { name, actions: Uint8Array.from([NONE, ...(commands as number[])]) };
    throw new UserError(`${path} (${name}): neither a pose string nor a list of actions 0 to ${ACTIONS - 1}`, MEND);
  });
}

function parsed(text: string, where: string): Uint8Array {
  try {
    return actionsOf(parsePoseString(text));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${where}: ${error.problem}`, error.mend, { cause: error });
  }
}
