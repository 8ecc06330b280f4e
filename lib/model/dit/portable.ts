/** The transformer as a model that travels: its weights and its tokeniser are stored, its config goes with every job. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BackendOptions, openBackend } from "../../runtime/backend/backend.ts";
import type { TaskContext } from "../../runtime/engine/engine.ts";
import { fromRoot } from "../../util/root.ts";
import { decodeSafetensors } from "../../util/safetensors.ts";
import { encodeParams, fromHost } from "../nn/checkpoint.ts";
import { readConfig } from "../nn/published.ts";
import type { Carrier } from "../portable.ts";
import { channelScales, makeTokeniser } from "../tokeniser/tokeniser.ts";
import type { DitConfig } from "./config.ts";
import type { GenerationOptions } from "./rollout.ts";
import { makeTrainableDit } from "./trainable.ts";

/** What a model recalls with is a function, which does not travel. */
type Travels = Omit<GenerationOptions, "recall">;

interface PortableDit {
  readonly model: DitConfig;
  readonly channelVariances: readonly number[];
  readonly options: Partial<Travels>;
  readonly compute: Pick<BackendOptions, "threads" | "products">;
}

const MODULE = "lib/model/dit/portable.ts";

/** How workers compute: the same threads and products everywhere give the same bits. */
const COMPUTE: PortableDit["compute"] = { threads: 1 };

/**
 * @param tokeniser folder of its tokeniser
 * @param compute threads and products of a worker; one thread if nothing is said
 */
export function ditCarrier(
  tokeniser: string,
  model: DitConfig,
  { compute = COMPUTE, ...options }: Partial<Travels> & Partial<Pick<PortableDit, "compute">> = {},
): Carrier {
  const { channelVariances } = readConfig(tokeniser) as { channelVariances: readonly number[] };
  const config: PortableDit = { model, channelVariances, options, compute };
  const bytes = readFileSync(fromRoot(join(tokeniser, "model.safetensors")));
  return {
    pack: async (engine, params) => ({
      module: MODULE,
      config,
      stored: { weights: await engine.put(encodeParams(params)), tokeniser: await engine.put(bytes) },
    }),
  };
}

const paramsOf = (context: TaskContext, name: string) =>
  fromHost(decodeSafetensors(Buffer.from(context.stored(name)), `the ${name} of a job`).tensors);

/** An `OpenModel`. */
export async function open({ model, channelVariances, options, compute }: PortableDit, context: TaskContext) {
  await openBackend(compute);
  const sha256 = context.hashOf("tokeniser");
  const tokeniser = await context.keep(`tokeniser ${sha256}`, () =>
    makeTokeniser(paramsOf(context, "tokeniser"), sha256, channelScales(channelVariances)),
  );
  return makeTrainableDit(paramsOf(context, "weights"), model, tokeniser, options);
}
