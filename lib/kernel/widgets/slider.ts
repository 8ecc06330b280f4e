import type { Comms } from "../executor/comms.ts";
import { DISPLAY } from "../executor/display.ts";
import { Widget } from "./widget.ts";

export interface SliderOptions {
  min: number;
  max: number;
  step?: number;
  value?: number;
  description?: string;
}

const ESM = `
export default {
  render({ model, el }) {
    const label = document.createElement("label");
    const range = Object.assign(document.createElement("input"), { type: "range" });
    const readout = document.createElement("output");
    label.append(model.get("description"), range, readout);
    label.style.cssText = "display: flex; gap: 0.6em; align-items: center; max-width: 30em";
    range.style.flex = "1";
    // Arrow keys move the slider, and do not fold JupyterLab's headings.
    range.dataset.lmSuppressShortcuts = "true";
    for (const name of ["min", "max", "step"]) range[name] = model.get(name);
    const show = () => {
      range.value = model.get("value");
      readout.value = Number(Number(model.get("value")).toPrecision(4));
    };
    range.addEventListener("input", () => {
      model.set("value", Number(range.value));
      model.save_changes();
      show();
    });
    model.on("change:value", show);
    show();
    el.append(label);
    return () => model.off("change:value", show);
  },
};
`;

/** A slider whose value is the same here and in the page. */
export class Slider {
  readonly #widget: Widget<Required<SliderOptions>>;

  constructor(comms: Comms, { min, max, step, value = min, description = "" }: SliderOptions) {
    if (!(min < max)) throw new RangeError(`a slider needs min < max, not ${min} and ${max}`);
    const state = { min, max, step: step ?? (max - min) / 100, value, description };
    if (!(state.step > 0)) throw new RangeError(`a slider's step must be above 0, not ${step}`);
    this.#widget = new Widget(comms, { esm: ESM, state, text: () => `${description || "slider"}: ${this.value}` });
  }

  get value(): number {
    return this.#widget.state.value;
  }

  set value(value: number) {
    this.#widget.state.value = value;
  }

  onChange(listener: (value: number) => void): void {
    this.#widget.onChange("value", listener);
  }

  [DISPLAY](): Record<string, unknown> {
    return this.#widget[DISPLAY]();
  }
}
