import type { Comm, Comms } from "./comms.ts";
import { DISPLAY } from "./display.ts";

const CONTROLS = { module: "@jupyter-widgets/controls", version: "2.0.0" };
const BASE = { module: "@jupyter-widgets/base", version: "2.0.0" };
const VIEW = "application/vnd.jupyter.widget-view+json";

type State = Record<string, unknown>;

export interface SliderOptions {
  min: number;
  max: number;
  step?: number;
  value?: number;
  description?: string;
}

/** A slider drawn by ipywidgets' front-end part; without that, its value is shown as text. */
export class Slider {
  readonly #comm: Comm;
  readonly #state: State;
  readonly #listeners = new Set<(value: number) => void>();

  constructor(comms: Comms, { min, max, step = (max - min) / 100, value = min, description = "" }: SliderOptions) {
    if (!(min < max)) throw new RangeError(`a slider needs min < max, not ${min} and ${max}`);
    const layout = openModel(comms, BASE, "Layout", {});
    const style = openModel(comms, CONTROLS, "SliderStyle", {
      ...{ _view_module: BASE.module, _view_module_version: BASE.version, _view_name: "StyleView" },
      ...{ description_width: "", handle_color: null },
    });
    const links = { layout: `IPY_MODEL_${layout.id}`, style: `IPY_MODEL_${style.id}` };
    const fixed = {
      orientation: "horizontal",
      readout: true,
      readout_format: ".4~g",
      disabled: false,
      tooltip: description,
    };
    const range = { min, max, step, value, description, continuous_update: true, behavior: "drag-tap" };
    this.#state = modelState(CONTROLS, "FloatSlider", { ...links, ...fixed, ...range });
    this.#comm = openWidget(comms, this.#state);
    this.#comm.onMessage((data) => this.#receive(data));
  }

  get value(): number {
    return this.#state.value as number;
  }

  set value(value: number) {
    this.#state.value = value;
    this.#comm.send({ method: "update", state: { value }, buffer_paths: [] });
  }

  onChange(listener: (value: number) => void): void {
    this.#listeners.add(listener);
  }

  [DISPLAY](): Record<string, unknown> {
    const view = { version_major: 2, version_minor: 0, model_id: this.#comm.id };
    return { [VIEW]: view, "text/plain": `${this.#state.description || "slider"}: ${this.value}` };
  }

  /** What the person does with the slider, or a page that was opened anew. */
  #receive({ method, state }: Record<string, unknown>): void {
    if (method === "request_state") this.#comm.send({ method: "update", state: this.#state, buffer_paths: [] });
    const { value } = (method === "update" ? state : {}) as { value?: unknown };
    if (typeof value !== "number") return;
    this.#state.value = value;
    for (const listener of this.#listeners) listener(value);
  }
}

interface Package {
  module: string;
  version: string;
}

function modelState({ module, version }: Package, name: string, state: State): State {
  return {
    _model_module: module,
    _model_module_version: version,
    _model_name: `${name}Model`,
    _view_module: module,
    _view_module_version: version,
    _view_name: `${name}View`,
    ...state,
  };
}

function openModel(comms: Comms, from: Package, name: string, state: State): Comm {
  return openWidget(comms, modelState(from, name, state));
}

function openWidget(comms: Comms, state: State): Comm {
  const comm = comms.open("jupyter.widget", { state, buffer_paths: [] }, { version: "2.1.0" });
  comm.onMessage(({ method }) => {
    if (method === "request_state") comm.send({ method: "update", state, buffer_paths: [] });
  });
  return comm;
}
