/** A program that reads its standard input to the end, then answers. */
import { spawn } from "node:child_process";

export interface Fed {
  /** Undefined where a signal ended it. */
  readonly code?: number;
  readonly out: Buffer;
  /** What it wrote to standard error, trimmed. */
  readonly words: string;
}

/** Runs a program on an input. Where it ends early the pipe breaks; its exit status and its words say why. */
export function feed(
  program: string,
  args: readonly string[],
  input: Uint8Array | string = "",
  env: NodeJS.ProcessEnv = process.env,
): Promise<Fed> {
  const child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  const [out, words]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => words.push(chunk));
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code: code ?? undefined, out: Buffer.concat(out), words: Buffer.concat(words).toString().trim() }),
    );
  });
}
