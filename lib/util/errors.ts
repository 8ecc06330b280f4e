/**
 * An error the user can mend: says what is wrong, where, and what to do.
 * @example
 * ```ts
 * import { openWorld, UserError } from "worldcompass";
 * const error = await openWorld("courtyrad").catch((caught) => caught);
 * console.log(error instanceof UserError, error.mend); // => true did you mean courtyard?
 * ```
 */
export class UserError extends Error {
  override name = "UserError";
  readonly problem: string;
  readonly mend: string;

  /**
   * @param problem what is wrong, naming the thing (file, option, key)
   * @param mend what the user can do about it, as an imperative sentence
   */
  constructor(problem: string, mend: string, options?: ErrorOptions) {
    super(`${problem}\n  -> ${mend}`, options);
    this.problem = problem;
    this.mend = mend;
  }
}

/** What the system may refuse, in words, and what helps. */
const SYSTEM: Record<string, readonly [problem: string, mend: string]> = {
  ENOSPC: ["the disk is full", "free some space and start again: what was written before is whole"],
  EDQUOT: ["the disk quota is used up", "free some space and start again: what was written before is whole"],
  EFBIG: ["the file would be larger than the system allows", "raise the limit (ulimit -f), or write elsewhere"],
  EROFS: ["the file system is read-only", "choose a folder that can be written to"],
  EACCES: ["access is denied", "change its permissions, or choose another place"],
  EPERM: ["access is denied", "change its permissions, or choose another place"],
  ENOTDIR: ["a part of the path is a file, not a folder", "choose another path"],
  EEXIST: ["a file stands where a folder is needed", "choose another path"],
  EISDIR: ["a folder stands where a file is needed", "choose another path"],
  ENOTEMPTY: ["a folder stands where a file is needed", "choose another path"],
  ENOENT: ["there is no such file or folder", "check the path"],
  ENAMETOOLONG: ["the name is too long", "choose a shorter one"],
  ELOOP: ["its links lead in a circle", "choose another path"],
  EMFILE: ["too many files are open", "raise the limit (ulimit -n)"],
  ENFILE: ["too many files are open", "raise the limit (ulimit -n)"],
  EADDRINUSE: ["another program listens there", "end it, or choose another port"],
  EADDRNOTAVAIL: ["this machine has no such address", "choose 127.0.0.1, or an address of this machine"],
  ENOTFOUND: ["there is no such machine", "check the name"],
  EAI_AGAIN: ["there is no such machine", "check the name, and the network"],
  EIO: ["the disk does not work", "copy what matters to another disk"],
};

/** A refusal of the system as an error that can be mended; anything else as it is. */
export function fromSystem(error: unknown, path?: string): unknown {
  const { code, path: own, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof UserError || code === undefined || !Object.hasOwn(SYSTEM, code)) return error;
  const [problem, mend] = SYSTEM[code];
  return new UserError(`${path ?? own ?? syscall}: ${problem} (${code})`, mend, { cause: error });
}

/** Does work on a file, and says in one line what the system refused. */
export function onFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fromSystem(error, path);
  }
}
