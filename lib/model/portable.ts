/** Models that travel: what another process needs to open one, and jobs can name. */
import { pathToFileURL } from "node:url";
import type { Engine, Stored, TaskContext } from "../runtime/engine/engine.ts";
import { fromRoot } from "../util/root.ts";
import { disposeParams, type Params } from "./nn/params.ts";
import type { TrainableWorldModel } from "./worldModel.ts";

export interface PortableModel {
  /** Path in the project's folder of a module that exports `open`, an `OpenModel`. */
  readonly module: string;
  /** Plain values. */
  readonly config: unknown;
  /** The weights, and what else is large. */
  readonly stored: Readonly<Record<string, Stored>>;
}

/** Opens a model from its config and what is stored for it. */
export type OpenModel = (config: never, context: TaskContext) => Promise<TrainableWorldModel>;

/** Makes a model portable, with any parameters. */
export interface Carrier {
  /** Its weights are put once; `drop` them when no job needs them any more. */
  pack(engine: Engine, params: Params): Promise<PortableModel>;
}

/** In a task: the model, loaded once for all jobs that name the same one. */
export function openPortable({ module, config, stored }: PortableModel, context: TaskContext) {
  const hashes = Object.keys(stored).map((name) => context.hashOf(name));
  return context.keep(
    ["model", module, JSON.stringify(config), ...hashes].join(" "),
    async () => {
      const { open } = (await import(pathToFileURL(fromRoot(module)).href)) as { open: OpenModel };
      return open(config as never, context);
    },
    ({ params }) => disposeParams(params),
  );
}
