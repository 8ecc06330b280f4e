/** The Python process that draws the level; server.py says what goes to and fro. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { pythonProgram } from "../../runtime/setup/python.ts";
import { UserError } from "../../util/errors.ts";
import { ownFile } from "../../util/root.ts";
import { Portions } from "./portions.ts";

/** Isolated: no module of PYTHONPATH or of the user is taken for one of its own, and no byte code is left beside it. */
const SERVER = ["-s", "-E", "-B", ownFile("lib/world/doom/server.py")];
/** Seconds in which it draws its first picture, on a busy machine too, and in which it ends when asked to. */
const START_SECONDS = 120;
const END_SECONDS = 10;
const HEADER = 5;
/** More than any message has. */
const LONGEST = 1 << 24;
/** Characters of what it said on stderr that are kept. */
const KEPT = 2000;

export const MEND =
  "run the command again; if that does not help, `npm run setup -- --world doom` after removing .cache/python";

/** What the server says of its level, in map units. */
export interface LevelMap {
  readonly width: number;
  readonly height: number;
  readonly eye: number;
  readonly floor: number;
  readonly ceiling: number;
  /** x and y of both ends. */
  readonly walls: readonly (readonly [number, number, number, number])[];
}

export class DoomServer {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: Portions;
  /** Why it cannot be asked any more. */
  #failure: UserError | undefined;
  #said = "";
  readonly #ended: Promise<void>;
  /** Requests are answered in their order. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#answers = new Portions(this.#child.stdout);
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-KEPT);
    });
    // Writing to a process that has ended fails; its end is told by "close".
    this.#child.stdin.on("error", () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.on("error", (error) => this.#fail(`the ViZDoom server does not start: ${error.message}`));
      this.#child.on("close", (code, signal) => {
        this.#fail(`the ViZDoom server ended with ${signal ?? `code ${code}`}${this.#lastWords()}`);
        resolve();
      });
    });
  }

  /** Starts a server (another one for tests) and waits for its level. @throws UserError where it does not come */
  static async start(
    command = pythonProgram("python"),
    args: readonly string[] = SERVER,
  ): Promise<{ server: DoomServer; map: LevelMap }> {
    const server = new DoomServer(command, args);
    const late = setTimeout(() => server.#fail(`ViZDoom did not start in ${START_SECONDS} s`), START_SECONDS * 1000);
    try {
      const map = await server.#inTurn(() => server.#message("M"));
      return { server, map: JSON.parse(map.toString()) as LevelMap };
    } finally {
      clearTimeout(late);
    }
  }

  /** Of the process; it and the engine are a process group of this number. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @param cameras four integers each, see `camerasOf` @returns [count, pictureBytes] */
  render(cameras: Int32Array, pictureBytes: number): Promise<Uint8Array> {
    const count = cameras.length / 4;
    if (count === 0) return Promise.resolve(new Uint8Array(0));
    return this.#inTurn(async () => {
      this.#child.stdin.write(Uint8Array.from(new Uint8Array(Uint32Array.of(count).buffer)));
      this.#child.stdin.write(new Uint8Array(cameras.buffer, cameras.byteOffset, cameras.byteLength));
      const pictures = new Uint8Array(count * pictureBytes);
      for (let i = 0; i < count; i++) {
        const picture = await this.#message("F");
        if (picture.length !== pictureBytes)
          throw this.#fail(`the ViZDoom server sent ${picture.length} bytes for a picture of ${pictureBytes}`);
        pictures.set(picture, i * pictureBytes);
      }
      return pictures;
    });
  }

  /** Ends the process, and waits for it. */
  async close(): Promise<void> {
    this.#failure ??= new UserError("the world doom is closed", "open it again with openWorld");
    this.#hold(true);
    this.#child.stdin.end();
    await Promise.race([this.#ended, delay(END_SECONDS * 1000, undefined, { ref: false })]);
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Does `work` after what was asked before; until then, and no longer, the process keeps this one alive. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (this.#failure) throw this.#failure;
      this.#hold(true);
      try {
        return await work();
      } finally {
        this.#hold(false);
      }
    });
    this.#last = turn.catch(() => {}); // Whoever asked hears of it.
    return turn;
  }

  #hold(on: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const handle of [this.#child, ...([stdin, stdout, stderr] as unknown as Socket[])]) {
      if (on) handle.ref();
      else handle.unref();
    }
  }

  /** The content of the next message, of this kind. */
  async #message(kind: string): Promise<Buffer> {
    const header = await this.#bytes(HEADER);
    const [found, length] = [String.fromCharCode(header[0]), header.readUInt32LE(1)];
    if (!"MFE".includes(found) || length === 0 || length > LONGEST)
      throw this.#fail("what the ViZDoom server sent is no message");
    const content = await this.#bytes(length);
    if (found === "E") throw this.#fail(`ViZDoom: ${content.toString()}`);
    if (found !== kind) throw this.#fail(`the ViZDoom server sent ${found} where ${kind} was expected`);
    return content;
  }

  async #bytes(count: number): Promise<Buffer> {
    const bytes = await this.#answers.take(count);
    if (bytes) return bytes;
    await this.#ended;
    throw this.#failure;
  }

  /** After this nothing more is asked of it. The first reason counts. */
  #fail(problem: string): UserError {
    this.#failure ??= new UserError(problem, MEND);
    this.#child.kill("SIGKILL");
    return this.#failure;
  }

  #lastWords(): string {
    const line = this.#said.trim().split("\n").at(-1);
    return line ? `: ${line}` : "";
  }
}
