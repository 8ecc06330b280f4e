import type { Comms } from "../executor/comms.ts";
import { splitBytes } from "./buffers.ts";
import { openWidgets } from "./widget.ts";

/** A page that is opened anew asks here, at once, for every widget of the notebook. */
export const CONTROL_TARGET = "jupyter.widget.control";

/** https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md#the-jupyterwidgetcontrol-comm-target */
export function answerReloads(comms: Comms): void {
  comms.register(CONTROL_TARGET, (comm) => {
    comm.onMessage(({ method }) => {
      if (method !== "request_states") return;
      const { json, paths, buffers } = splitBytes(
        Object.fromEntries([...openWidgets].map(([id, { full }]) => [id, entry(full)])),
      );
      comm.send({ method: "update_states", states: json, buffer_paths: paths }, { buffers });
    });
  });
}

function entry(state: Record<string, unknown>) {
  const { _model_name, _model_module, _model_module_version } = state;
  return { model_name: _model_name, model_module: _model_module, model_module_version: _model_module_version, state };
}
