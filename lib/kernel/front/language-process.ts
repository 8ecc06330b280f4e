import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { FD, type Response } from "../protocol/language.ts";
import { encodeFrame, FrameDecoder, type Framed } from "../protocol/pipe.ts";

export interface LanguageListener {
  response(response: Framed<Response>): void;
  ended(why: string): void;
}

/** One language process and its pipes. */
export class LanguageProcess {
  readonly #child: ChildProcess;
  hasAnswered = false;

  constructor(command: readonly string[], listener: LanguageListener) {
    const stdio = ["ignore", "ignore", "inherit", "pipe", "pipe"] as const;
    // Detached: an interrupt typed into the terminal is for cells.
    this.#child = spawn(process.execPath, command, { stdio: [...stdio], detached: true, env: environment() });
    this.#child.on("error", (error) => listener.ended(error.message));
    this.#child.on("exit", (code, signal) => listener.ended(signal ?? `exit code ${code}`));
    const decoder = new FrameDecoder<Response>();
    this.#pipe(FD.requests).on("error", () => {});
    this.#pipe(FD.responses).on("data", (chunk: Buffer) => {
      this.hasAnswered = true;
      for (const frame of decoder.push(chunk)) listener.response(frame);
    });
  }

  send(request: object): void {
    this.#pipe(FD.requests).write(encodeFrame(request));
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #pipe(fd: number): Duplex {
    return (this.#child.stdio as unknown as Duplex[])[fd];
  }
}

/**
 * glibc keeps an arena of freed memory for each of V8's threads, which grows for thousands of cells; one will do.
 * NODE_OPTIONS is meant for the user's code: V8 refuses its snapshot under almost any flag, and preloaded modules have
 * no business here. Diagnostic reports are wanted of every process.
 */
function environment(): NodeJS.ProcessEnv {
  const reports = process.env.NODE_OPTIONS?.match(/--report[\w-]*(=\S+)?/g) ?? [];
  return { MALLOC_ARENA_MAX: "1", ...process.env, NODE_OPTIONS: reports.join(" ") };
}
