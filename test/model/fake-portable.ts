/** The fake model as one that travels: its one number is stored. */
import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../lib/model/nn/params.ts";
import type { Carrier } from "../../lib/model/portable.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import type { TaskContext } from "../../lib/runtime/engine/engine.ts";
import { fakeModel } from "./fake.ts";

export const fakeCarrier: Carrier = {
  pack: async (engine, { centre }: Params) => ({
    module: "test/model/fake-portable.ts",
    config: {},
    stored: { weights: await engine.put(new Uint8Array(Float32Array.from(centre.dataSync()).buffer)) },
  }),
};

export async function open(_: object, context: TaskContext) {
  await openBackend({ prefer: "wasm" });
  const [centre] = new Float32Array(Uint8Array.from(context.stored("weights")).buffer);
  return fakeModel({ centre: tf.scalar(centre) });
}
