import { Console } from "node:console";
import { syncBuiltinESMExports } from "node:module";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { currentCell, send } from "./channel.ts";
import { nextTick } from "./clock.ts";

type Done = () => void;

/** Longer text goes in several events, so that there is no limit to it. */
const PIECE = 4 * 2 ** 20;

/**
 * process.stdout or process.stderr of a cell: every write is an event, sent at once, in order. It belongs to all
 * cells, so that none can close it: `end` and `destroy` leave it open, as those of Node's own streams do.
 */
class CellStream extends Writable {
  readonly #name: "stdout" | "stderr";
  readonly #decoder = new StringDecoder("utf8");
  readonly fd: number;

  constructor(name: "stdout" | "stderr", fd: number) {
    super({ decodeStrings: false, highWaterMark: Number.MAX_SAFE_INTEGER, autoDestroy: false, emitClose: false });
    this.#name = name;
    this.fd = fd;
    // Every pipeline into it leaves a few listeners behind.
    this.setMaxListeners(0);
  }

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: Done): void {
    const isText = typeof chunk === "string" && (encoding === "utf8" || encoding === ("utf-8" as string));
    const text = isText ? chunk : this.#decoder.write(Buffer.from(chunk as string, encoding));
    for (let at = 0; at < text.length; at += PIECE) {
      send({ type: "stream", cell: currentCell(), name: this.#name, text: text.slice(at, at + PIECE) });
    }
    done();
  }

  /** Whoever waits for the end hears of it. */
  override end(...given: unknown[]): this {
    const heard = given.find((argument) => typeof argument === "function") as Done | undefined;
    const [chunk, encoding] = given;
    if (typeof encoding === "string") this.write(chunk, encoding as BufferEncoding);
    else if (chunk !== undefined && chunk !== null && chunk !== heard) this.write(chunk);
    nextTick(() => {
      this.emit("finish");
      heard?.();
    });
    return this;
  }

  override destroy(): this {
    nextTick(() => this.emit("close"));
    return this;
  }

  /** Text that waits for an `uncork` which never comes would be lost. */
  override cork(): void {}
}

/** The mark by which pipelines note on a stream that they have destroyed it: does not stick. */
Object.defineProperty(CellStream.prototype, Symbol.for("nodejs.stream.destroyed"), { get: () => false, set: () => {} });

/** Puts cell streams in the place of the real ones, which stay with native code and child processes. */
export function installStreams(): void {
  const stdout = new CellStream("stdout", 1);
  const stderr = new CellStream("stderr", 2);
  Object.defineProperty(process, "stdout", { value: stdout, configurable: true, enumerable: true });
  Object.defineProperty(process, "stderr", { value: stderr, configurable: true, enumerable: true });
  syncBuiltinESMExports();
  // A console of our own: the built-in one would keep every logged object alive for the inspector.
  globalThis.console = Object.assign(Object.create(globalThis.console), consoleMethods(stdout, stderr));
}

function consoleMethods(stdout: Writable, stderr: Writable): Partial<Console> {
  const own = new Console({ stdout, stderr });
  const methods = Object.fromEntries(Object.entries(own).filter(([, method]) => typeof method === "function"));
  return { ...methods, ...groups(own) };
}

let openGroups = 0;
let endGroup = (): void => {};

/** Cells that fail leave their groups open: what later cells print is not part of them. */
export function endGroups(): void {
  while (openGroups > 0) endGroup();
}

function groups(own: Console): Partial<Console> {
  const group = (...label: unknown[]): void => {
    openGroups += 1;
    own.group(...label);
  };
  endGroup = () => {
    openGroups = Math.max(0, openGroups - 1);
    own.groupEnd();
  };
  return { group, groupCollapsed: group, groupEnd: endGroup };
}
