import type { Comms } from "../executor/comms.ts";
import { DISPLAY } from "../executor/display.ts";
import { Widget } from "./widget.ts";

export interface KeyboardOptions {
  /** The keys to take, as `KeyboardEvent.key` names them; all, unless given. Others do what they always do. */
  keys?: string[];
  /** Shown below the picture. */
  caption?: string;
  /** Of the area, in pixels. */
  width?: number;
  height?: number;
}

export interface KeyEvent {
  type: "down" | "up";
  key: string;
  /** Milliseconds since the epoch, by the page's clock. */
  time: number;
}

const ESM = `
export default {
  render({ model, el }) {
    const area = Object.assign(document.createElement("div"), { tabIndex: 0 });
    const picture = document.createElement("img");
    const caption = document.createElement("div");
    area.append(picture, caption);
    // JupyterLab's one-letter commands must not run while somebody steers.
    area.dataset.lmSuppressShortcuts = "true";
    area.setAttribute("role", "application");
    const base = "display: inline-block; border-radius: 4px; padding: 4px; text-align: center; outline: none; border: 2px solid ";
    const focused = (yes) => { area.style.cssText = base + (yes ? "#20639b" : "#bbb"); };
    picture.style.cssText = "display: block; object-fit: contain; image-rendering: pixelated; background: #222";
    picture.width = model.get("width");
    picture.height = model.get("height");
    let url;
    const showPicture = () => {
      const bytes = model.get("picture");
      if (url) URL.revokeObjectURL(url);
      url = bytes ? URL.createObjectURL(new Blob([bytes], { type: model.get("mime") })) : undefined;
      if (url) picture.src = url;
      else picture.removeAttribute("src");
    };
    const showCaption = () => { caption.textContent = model.get("caption"); };
    // Traits may skip values and arrive late; messages come each and in order.
    const pressed = new Set();
    const tell = (type, key) => model.send({ type, key, time: Date.now() });
    const release = (key) => { if (pressed.delete(key)) tell("up", key); };
    area.addEventListener("keydown", (event) => {
      const wanted = model.get("keys");
      if (event.ctrlKey || event.metaKey || event.altKey || (wanted && !wanted.includes(event.key))) return;
      event.preventDefault();
      event.stopPropagation();
      if (pressed.has(event.key)) return;
      pressed.add(event.key);
      tell("down", event.key);
    });
    area.addEventListener("keyup", (event) => {
      event.stopPropagation();
      release(event.key);
    });
    area.addEventListener("mousedown", () => area.focus());
    area.addEventListener("focus", () => focused(true));
    area.addEventListener("blur", () => {
      focused(false);
      for (const key of [...pressed]) release(key);
    });
    model.on("change:picture", showPicture);
    model.on("change:caption", showCaption);
    focused(false);
    showPicture();
    showCaption();
    el.append(area);
    tell("none", "");
    return () => {
      model.off("change:picture", showPicture);
      model.off("change:caption", showCaption);
      if (url) URL.revokeObjectURL(url);
    };
  },
};
`;

interface Heard {
  type: KeyEvent["type"] | "none";
  key: string;
  time: number;
}

type State = {
  keys: string[] | null;
  picture: Uint8Array | null;
  mime: string;
  caption: string;
  width: number;
  height: number;
};

/** An area of the page that takes the keys while it has the focus, and shows pictures: steering by hand. */
export class Keyboard {
  readonly #widget: Widget<State>;
  readonly #listeners = new Set<(event: KeyEvent) => void>();
  readonly #pressed = new Set<string>();

  constructor(
    comms: Comms,
    { keys, caption = "click here, then press keys", width = 320, height = 180 }: KeyboardOptions = {},
  ) {
    const state = { keys: keys ?? null, picture: null, mime: "image/png", caption, width, height };
    this.#widget = new Widget<State>(comms, {
      esm: ESM,
      state,
      text: () => `keyboard: ${this.pressed.join(" ") || "no key"}`,
    });
    this.#widget.onMessage((content) => this.#heard(content as Heard));
  }

  /** The keys that are held down now, in the order in which they were pressed. */
  get pressed(): readonly string[] {
    return [...this.#pressed];
  }

  get caption(): string {
    return this.#widget.state.caption;
  }

  set caption(caption: string) {
    this.#widget.state.caption = caption;
  }

  /** Calls the listener for every key that goes down or up. Returns what takes it away again. */
  onKey(listener: (event: KeyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows a picture in the area: the bytes of a PNG, or of another image type. */
  show(picture: Uint8Array, mime = "image/png"): void {
    this.#widget.set({ picture, mime });
  }

  [DISPLAY](): Record<string, unknown> {
    return this.#widget[DISPLAY]();
  }

  /** A page that has only now drawn the area knows of no key. */
  #heard({ type, key, time }: Heard): void {
    if (type === "none") {
      this.#pressed.clear();
      return;
    }
    if (type === "down") this.#pressed.add(key);
    else this.#pressed.delete(key);
    for (const listener of this.#listeners) listener({ type, key, time });
  }
}
