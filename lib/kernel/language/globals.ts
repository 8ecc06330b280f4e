import { join } from "node:path";
import { WIDGET_TYPES } from "./widget-types.ts";

export function globalsFile(folder: string): string {
  return join(folder, "__kernel_globals__.d.ts");
}

/** An assertion that a variable has the type it was left with; in the text for the type checker only. */
export const LEFT = "__wcLeft";

/** Types of what the executor puts on globalThis. */
export const GLOBALS_TEXT = `${assetModules()}
${WIDGET_TYPES}
interface JupyterComm {
  readonly id: string;
  /** Sends data to the front-end's end of the comm. */
  send(data: Record<string, unknown>, options?: { metadata?: Record<string, unknown>; buffers?: Uint8Array[] }): void;
  /** Calls the listener for every message of the front-end. */
  onMessage(listener: (data: Record<string, any>, buffers: Uint8Array[]) => void): void;
  onClose(listener: (data: Record<string, any>, buffers: Uint8Array[]) => void): void;
}
interface JupyterDisplayOptions {
  /** Names the output, so that it can be replaced later. */
  displayId?: string;
  /** Replaces the output named displayId instead of adding one. */
  update?: boolean;
  metadata?: Record<string, unknown>;
}
interface JupyterProgress {
  /** Sets how many steps are done, and optionally the text beside the bar. */
  set(done: number, text?: string): void;
  /** The number of steps done. */
  readonly done: number;
}
/** What a notebook can ask of its front-end. */
declare const Jupyter: JupyterWidgets & {
  /** Shows a MIME bundle. */
  display(bundle: Record<string, unknown>, options?: JupyterDisplayOptions): void;
  /** Shows any value as the last line of a cell would. */
  show(value: unknown, options?: JupyterDisplayOptions): Promise<void>;
  /** Removes the cell's output; with wait, only when the next output arrives. */
  clearOutput(wait?: boolean): void;
  comms: {
    register(target: string, opened: (comm: JupyterComm, data: Record<string, any>) => void): void;
    open(target: string, data?: Record<string, unknown>, metadata?: Record<string, unknown>): JupyterComm;
    close(comm: JupyterComm, data?: Record<string, unknown>): void;
  };
  /** A progress bar that shows where it stopped when the cell is interrupted. */
  progress(total: number, text?: string): JupyterProgress;
  /** Prints how long a call takes, as %timeit does. */
  timeit(run: () => unknown): Promise<void>;
  /** The name of the method by which an object says how it is shown. */
  readonly $display: unique symbol;
  /** Runs a script by the shell; what it prints is the cell's output. Fails if it fails. */
  shell(script: string, program?: string): Promise<void>;
  /** What an interrupted cell fails with. */
  KeyboardInterrupt: new () => Error;
};
/** What shell lines and %timeit become: a cell may have a \`Jupyter\` of its own. */
declare const __wcShell: (script: string, program?: string) => Promise<void>;
declare const __wcTimeit: (run: () => unknown) => Promise<void>;
declare function ${LEFT}<T>(value: unknown): asserts value is 0 extends 1 & T ? unknown : T;
/** The value of the latest cell that had one. */
declare var _: any;
/** The value before the latest. */
declare var __: any;
/** The value before the one before the latest. */
declare var ___: any;
/** Values of cells, by their number. */
declare var Out: Record<number, any>;
/** Asks the person at the notebook a question; true for y and yes. */
declare function confirm(message?: string): boolean;
/** Shows a message, and waits until the person at the notebook has seen it. */
declare function alert(message?: string): void;
/** Asks the person at the notebook for a line of text. */
declare function prompt(message?: string, options?: { password?: boolean }): string;
interface TslabDisplay {
  html(html: string): void;
  markdown(markdown: string): void;
  svg(svg: string): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  text(text: string): void;
  javascript(code: string): void;
  latex(latex: string): void;
  raw(type: string, data: string | Uint8Array): void;
}
/** tslab's way to show things. */
declare module "tslab" {
  export const display: TslabDisplay;
  export function newDisplay(): TslabDisplay;
  const all: { display: TslabDisplay; newDisplay(): TslabDisplay };
  export default all;
}
/** Deno's way to show things. */
declare namespace Deno {
  const jupyter: {
    readonly $display: symbol;
    html(strings: TemplateStringsArray, ...values: unknown[]): object;
    md(strings: TemplateStringsArray, ...values: unknown[]): object;
    svg(strings: TemplateStringsArray, ...values: unknown[]): object;
    image(picture: string | Uint8Array): object;
    display(value: unknown, options?: { raw?: boolean; display_id?: string; update?: boolean }): Promise<void>;
    format(value: unknown): Promise<Record<string, unknown>>;
  };
}
`;

/** What bundlers, and the executor, make of imports that lead to no code. */
function assetModules(): string {
  const styles = ["css", "scss", "sass", "less", "styl", "pcss"];
  const files = [
    "svg",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "avif",
    "ico",
    "woff",
    "woff2",
    "ttf",
    "mp3",
    "mp4",
    "webm",
  ];
  const declare = (pattern: string, type: string) =>
    `declare module "${pattern}" { const it: ${type}; export default it; }`;
  return [
    ...styles.map((ending) => declare(`*.${ending}`, "{ readonly [name: string]: string }")),
    ...files.map((ending) => declare(`*.${ending}`, "string")),
    ...["*?raw", "*?url"].map((pattern) => declare(pattern, "string")),
  ].join("\n");
}
