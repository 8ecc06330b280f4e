/** Runs a reader on damaged input: it may refuse it, in its own words, and nothing else. */
import fc from "fast-check";
import type { Target } from "./targets.ts";

export interface FuzzResult {
  readonly parser: string;
  readonly runs: number;
  readonly refused: number;
  readonly accepted: number;
}

/** @throws Error with the smallest input found at which the reader fails otherwise than by refusing */
export async function fuzz({ parser, input, read, refuses }: Target, runs: number, seed: number): Promise<FuzzResult> {
  let [refused, accepted] = [0, 0];
  const attempt = async (bytes: Buffer): Promise<void> => {
    try {
      await read(bytes);
      accepted++;
    } catch (error) {
      if (!(error instanceof refuses)) throw error;
      refused++;
    }
  };
  await fc.assert(fc.asyncProperty(input, attempt), { numRuns: runs, seed, includeErrorInReport: true });
  return { parser, runs, refused, accepted };
}
