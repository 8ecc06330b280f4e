import * as tslib from "tslib";
import type { Wanted } from "../loader/followers.ts";
import { Keyboard, type KeyboardOptions } from "../widgets/keyboard.ts";
import { answerReloads } from "../widgets/restore.ts";
import { Slider, type SliderOptions } from "../widgets/slider.ts";
import { type State, Widget, type WidgetOptions } from "../widgets/widget.ts";
import { ADAPTERS, DENO } from "./adapters.ts";
import type { Comms } from "./comms.ts";
import { bundleOf, clearOutput, DISPLAY, type DisplayOptions, display } from "./display.ts";
import type { Importer } from "./importer.ts";
import { dialogs, type Input } from "./input.ts";
import { type Interrupts, KeyboardInterrupt } from "./interrupt.ts";
import { Progress } from "./progress.ts";
import { createShell } from "./shell.ts";
import { timeit } from "./timing.ts";

/** What the display layer of a library finds under this symbol on globalThis. */
export const JUPYTER = Symbol.for("typebook.jupyter");

/** Names that transformed code uses, and the few that users may. */
export function injectGlobals(interrupts: Interrupts, input: Input, comms: Comms, importer: Importer): void {
  const { slots: flag, stop, guard, each, rethrow } = interrupts;
  const hidden = {
    __wcFlag: flag,
    __wcStop: stop,
    __wcGuard: guard,
    __wcEach: each,
    __wcRethrow: rethrow,
    __wcImport: (specifier: unknown, ...rest: [ImportCallOptions?, Wanted[]?]) =>
      Object.hasOwn(ADAPTERS, String(specifier))
        ? Promise.resolve(ADAPTERS[String(specifier)])
        : importer.import(specifier, ...rest),
    __wcDeno: DENO,
    __wcRequire: importer.require,
    // What the compiler calls for decorators and the like.
    ...Object.fromEntries(Object.entries(tslib).filter(([name]) => name.startsWith("__"))),
  };
  for (const key of Reflect.ownKeys(hidden)) hide(key, Reflect.get(hidden, key));
  Object.defineProperty(globalThis, "__wcMeta", { get: importer.meta });
  answerReloads(comms);
  const shell = createShell(interrupts);
  hide("__wcShell", shell);
  hide("__wcTimeit", timeit);
  const jupyter = { ...createJupyter(comms), shell };
  hide(JUPYTER, jupyter);
  define("Jupyter", jupyter);
  for (const [name, ask] of Object.entries(dialogs(input))) define(name, ask);
  defineCommonJs(importer);
}

/** Cells may be written as CommonJS, too. */
function defineCommonJs({ require, filename, folder }: Importer): void {
  const exports = {};
  const commonJs = { require, module: { exports, filename }, exports, __filename: filename, __dirname: folder };
  for (const [name, value] of Object.entries(commonJs)) define(name, value);
}

/** Shows any value as the last line of a cell would. */
async function show(value: unknown, options?: DisplayOptions): Promise<void> {
  display(await bundleOf(value), options);
}

function createJupyter(comms: Comms) {
  return {
    display,
    show,
    clearOutput,
    comms: {
      register: comms.register.bind(comms),
      open: comms.open.bind(comms),
      close: comms.close.bind(comms),
    },
    timeit,
    progress: (total: number, text?: string) => new Progress(total, text),
    widget: <S extends State>(options: WidgetOptions<S>) => new Widget(comms, options),
    slider: (options: SliderOptions) => new Slider(comms, options),
    keyboard: (options?: KeyboardOptions) => new Keyboard(comms, options),
    /** The method name by which an object says how it is shown. */
    $display: DISPLAY,
    KeyboardInterrupt,
  };
}

function hide(key: PropertyKey, value: unknown): void {
  Object.defineProperty(globalThis, key, { value, enumerable: false, configurable: false, writable: false });
}

/** Configurable and writable, so that a cell may declare the same name. */
function define(key: PropertyKey, value: unknown): void {
  Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });
}
