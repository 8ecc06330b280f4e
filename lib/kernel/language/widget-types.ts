/** Types of the widgets, part of what cells see on globalThis. */
export const WIDGET_TYPES = `
/** A view by anywidget's protocol: an ES module in the page, and traits that are the same there and here. */
interface JupyterWidget<S extends Record<string, any>> {
  readonly id: string;
  /** The traits. Reading gives the latest value, assigning sends it; changing inside of one does not. */
  readonly state: S;
  /** Changes several traits with one message. */
  set(changes: Partial<S>): void;
  /** Calls the listener when the view changes the trait. Returns what takes it away again. */
  onChange<K extends keyof S & string>(name: K, listener: (value: S[K]) => void): () => void;
  /** A message to the view, beside the traits: its \`model.on("msg:custom", ...)\`. */
  send(content: unknown, buffers?: Uint8Array[]): void;
  /** Calls the listener for every \`model.send(...)\` of the view. Returns what takes it away again. */
  onMessage(listener: (content: any, buffers: Uint8Array[]) => void): () => void;
  /** Removes the view from the page. */
  close(): void;
}
interface JupyterWidgetOptions<S extends Record<string, any>> {
  /** The view: an ES module's text, or the path of a .js or .mjs file, whose default export has \`render({ model, el })\`. */
  esm: string;
  css?: string;
  /** The traits that kernel and view share, and their first values. Bytes travel as bytes. */
  state?: S;
  /** What is shown where no front-end can draw it. */
  text?: () => string;
}
interface JupyterSlider {
  value: number;
  /** Calls the listener when the slider is moved. */
  onChange(listener: (value: number) => void): void;
}
interface JupyterKeyEvent {
  type: "down" | "up";
  /** As KeyboardEvent.key names it. */
  key: string;
  /** Milliseconds since the epoch, by the page's clock. */
  time: number;
}
interface JupyterKeyboard {
  /** The keys that are held down now, in the order in which they were pressed. */
  readonly pressed: readonly string[];
  /** The line below the picture. */
  caption: string;
  /** Calls the listener for every key that goes down or up. Returns what takes it away again. */
  onKey(listener: (event: JupyterKeyEvent) => void): () => void;
  /** Shows a picture in the area: the bytes of a PNG, or of another image type. */
  show(picture: Uint8Array, mime?: string): void;
}
interface JupyterWidgets {
  /** A view of your own (needs anywidget's front-end part: \`pip install anywidget\`; elsewhere its text is shown). */
  widget<S extends Record<string, any> = {}>(options: JupyterWidgetOptions<S>): JupyterWidget<S>;
  /** A slider, made as a widget. */
  slider(options: { min: number; max: number; step?: number; value?: number; description?: string }): JupyterSlider;
  /** An area that takes the keys while it has the focus, and shows pictures: steering by hand. */
  keyboard(options?: { keys?: string[]; caption?: string; width?: number; height?: number }): JupyterKeyboard;
}
`;
