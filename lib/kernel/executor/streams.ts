import { Console } from "node:console";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { currentCell, send } from "./channel.ts";

/** process.stdout or process.stderr of a cell: every write is an event, sent at once, in order. */
class CellStream extends Writable {
  readonly #name: "stdout" | "stderr";
  readonly #decoder = new StringDecoder("utf8");
  readonly fd: number;

  constructor(name: "stdout" | "stderr", fd: number) {
    super({ decodeStrings: false, highWaterMark: Number.MAX_SAFE_INTEGER });
    this.#name = name;
    this.fd = fd;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = typeof chunk === "string" ? chunk : this.#decoder.write(chunk);
    if (text !== "") send({ type: "stream", cell: currentCell(), name: this.#name, text });
    done();
  }
}

/** Puts cell streams in the place of the real ones, which stay with native code and child processes. */
export function installStreams(): void {
  const stdout = new CellStream("stdout", 1);
  const stderr = new CellStream("stderr", 2);
  Object.defineProperty(process, "stdout", { value: stdout, configurable: true, enumerable: true });
  Object.defineProperty(process, "stderr", { value: stderr, configurable: true, enumerable: true });
  // A console of our own: the built-in one would keep every logged object alive for the inspector.
  globalThis.console = Object.assign(Object.create(globalThis.console), consoleMethods(stdout, stderr));
}

function consoleMethods(stdout: Writable, stderr: Writable): Partial<Console> {
  const own = new Console({ stdout, stderr });
  return Object.fromEntries(Object.entries(own).filter(([, method]) => typeof method === "function"));
}
