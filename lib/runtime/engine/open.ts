/** The engine that a command asks for: `--engine local|ray|ray://host:port --workers N`. */
import { z } from "zod";
import { UserError } from "../../util/errors.ts";
import { count } from "../../util/schema.ts";
import type { Engine } from "./engine.ts";
import { localEngine } from "./local.ts";
import { rayEngine } from "./ray/ray.ts";

const MOST = 4096;

/** Options of commands that give work away. */
export const engineOptions = {
  engine: z
    .string()
    .min(1)
    .default("local")
    .describe(
      "Where workers are: local, ray (the cluster of this machine or of RAY_ADDRESS, or a new one here), or ray://host:port.",
    ),
  workers: count()
    .max(MOST)
    .default(1)
    .describe("Workers, one process each; a local one alone is this process itself."),
};

export interface Asked {
  readonly engine: string;
  readonly workers: number;
}

/** A Ray client server, `ray://host:port`, or a cluster itself, `host:port`. */
const ADDRESS = /^(?:ray:\/\/)?[\w.-]+:\d+$/;

/** @returns nothing where one local worker is asked for: then the work is done in this process */
export async function openEngine({ engine, workers }: Asked): Promise<Engine | undefined> {
  if (engine === "local") return workers === 1 ? undefined : localEngine(workers);
  if (engine === "ray") return rayEngine({ workers, address: process.env.RAY_ADDRESS });
  if (ADDRESS.test(engine)) return rayEngine({ workers, address: engine });
  throw new UserError(`there is no engine "${engine}"`, "give local, ray, or ray://host:port");
}

/** Does work with the engine that is asked for, and closes it however that ends. */
export async function withEngine<T>(asked: Asked, work: (engine: Engine | undefined) => Promise<T>): Promise<T> {
  const engine = await openEngine(asked);
  try {
    return await work(engine);
  } finally {
    await engine?.close();
  }
}
