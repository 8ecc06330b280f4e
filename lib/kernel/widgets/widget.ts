import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Comm, Comms } from "../executor/comms.ts";
import { DISPLAY } from "../executor/display.ts";
import { joinBytes, type Path, splitBytes } from "./buffers.ts";

const VIEW = "application/vnd.jupyter.widget-view+json";
/** The version of the widgets' protocol; front-ends refuse widgets that do not say it. */
const PROTOCOL = { version: "2.1.0" };
/** Any version of anywidget's front-end part will do. https://anywidget.dev/en/afm/ */
const ANYWIDGET = { module: "anywidget", version: "*" };

export type State = Record<string, unknown>;
type Listener<T> = (value: T) => void;

export interface WidgetOptions<S extends State> {
  /** The view: an ES module's text, or the path of a .js or .mjs file, whose default export has `render`. */
  esm: string;
  css?: string;
  /** The traits that kernel and view share, and their first values. */
  state?: S;
  /** What is shown where no front-end can draw it. */
  text?: () => string;
}

/** A view by anywidget's protocol: an ES module in the page, and traits that are the same there and here. */
export class Widget<S extends State = State> {
  readonly state: S;
  readonly #comms: Comms;
  readonly #comm: Comm;
  readonly #values: State;
  readonly #fixed: State;
  readonly #text: () => string;
  readonly #listeners = new Map<string, Set<Listener<never>>>();
  readonly #messages = new Set<(content: unknown, buffers: Uint8Array[]) => void>();

  constructor(comms: Comms, { esm, css, state, text }: WidgetOptions<S>) {
    this.#comms = comms;
    this.#values = { ...state };
    this.#fixed = {
      ...MODEL,
      _anywidget_id: "typebook",
      _esm: moduleText(esm),
      ...(css === undefined ? {} : { _css: css }),
    };
    this.#text = text ?? (() => `widget ${JSON.stringify(splitBytes(this.#values).json)}`);
    const { json, paths, buffers } = splitBytes(this.full);
    this.#comm = comms.open("jupyter.widget", { state: json, buffer_paths: paths }, PROTOCOL, buffers);
    this.#comm.onMessage((data, received) => this.#receive(data, received));
    this.#comm.onClose(() => openWidgets.delete(this.id));
    openWidgets.set(this.id, this as unknown as Widget);
    this.state = this.#proxy();
  }

  get id(): string {
    return this.#comm.id;
  }

  /** Every trait, with what says which model and view the front-end is to load. */
  get full(): State {
    return { ...this.#values, ...this.#fixed };
  }

  /** Changes several traits with one message. */
  set(changes: Partial<S>): void {
    Object.assign(this.#values, changes);
    this.#sendState("update", changes);
  }

  /** Calls the listener when the view changes the trait. Returns what takes it away again. */
  onChange<K extends keyof S & string>(name: K, listener: Listener<S[K]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** A message to the view, beside the traits. */
  send(content: unknown, buffers: Uint8Array[] = []): void {
    this.#comm.send({ method: "custom", content }, { buffers });
  }

  /** Calls the listener for every message of the view. Returns what takes it away again. */
  onMessage(listener: (content: unknown, buffers: Uint8Array[]) => void): () => void {
    this.#messages.add(listener);
    return () => this.#messages.delete(listener);
  }

  /** Removes the view from the page. */
  close(): void {
    openWidgets.delete(this.id);
    this.#comms.close(this.#comm);
  }

  [DISPLAY](): Record<string, unknown> {
    const view = { version_major: 2, version_minor: 0, model_id: this.id };
    return { [VIEW]: view, "text/plain": this.#text() };
  }

  #proxy(): S {
    return new Proxy(this.#values, {
      set: (_values, name, value) => {
        this.set({ [name]: value } as Partial<S>);
        return true;
      },
    }) as S;
  }

  #sendState(method: "update" | "echo_update", state: unknown): void {
    const { json, paths, buffers } = splitBytes(state);
    this.#comm.send({ method, state: json, buffer_paths: paths }, { buffers });
  }

  /** What the person does with the view, or a page that was opened anew. */
  #receive({ method, state, content, buffer_paths }: State, buffers: Uint8Array[]): void {
    if (method === "request_state") this.#sendState("update", this.full);
    else if (method === "custom") for (const listener of this.#messages) listener(content, buffers);
    else if (method === "update" && typeof state === "object" && state !== null) {
      this.#update(state as State, (buffer_paths ?? []) as Path[], buffers);
    }
  }

  #update(state: State, paths: Path[], buffers: Uint8Array[]): void {
    joinBytes(state, paths, buffers);
    const own = Object.entries(state).filter(([name]) => !Object.hasOwn(this.#fixed, name) && name !== "__proto__");
    Object.assign(this.#values, Object.fromEntries(own));
    // Other pages with the same notebook hear of it.
    this.#sendState("echo_update", Object.fromEntries(own));
    for (const [name, value] of own) for (const listener of this.#listeners.get(name) ?? []) listener(value as never);
  }
}

const MODEL = {
  ...{ _model_module: ANYWIDGET.module, _model_module_version: ANYWIDGET.version, _model_name: "AnyModel" },
  ...{ _view_module: ANYWIDGET.module, _view_module_version: ANYWIDGET.version, _view_name: "AnyView" },
  ...{ _view_count: null },
};

/** Those that a page which is opened anew will ask for. */
export const openWidgets = new Map<string, Widget>();

function moduleText(esm: string): string {
  return /^[^\n]+\.m?js$/.test(esm) ? readFileSync(resolve(esm), "utf8") : esm;
}
