import { RUNTIME_KEY } from "../loader/runtime-module.ts";
import { Keyboard, type KeyboardOptions } from "../widgets/keyboard.ts";
import { answerReloads } from "../widgets/restore.ts";
import { Slider, type SliderOptions } from "../widgets/slider.ts";
import { type State, Widget, type WidgetOptions } from "../widgets/widget.ts";
import { ADAPTERS, DENO } from "./adapters.ts";
import type { Comms } from "./comms.ts";
import { bundleOf, clearOutput, DISPLAY, type DisplayOptions, display } from "./display.ts";
import { cellMeta, importForCell } from "./importer.ts";
import { dialogs, type Input } from "./input.ts";
import { type Interrupts, KeyboardInterrupt } from "./interrupt.ts";
import { Progress } from "./progress.ts";
import { createShell } from "./shell.ts";
import { timeit } from "./timing.ts";

/** What the display layer of a library finds under this symbol on globalThis. */
export const JUPYTER = Symbol.for("typebook.jupyter");

/** Names that transformed code uses, and the few that users may. */
export function injectGlobals(interrupts: Interrupts, input: Input, comms: Comms): void {
  const { slots: flag, stop, guard, each, rethrow } = interrupts;
  const hidden = {
    __wcFlag: flag,
    __wcStop: stop,
    __wcGuard: guard,
    __wcEach: each,
    __wcRethrow: rethrow,
    __wcImport: (specifier: string, ...rest: [ImportCallOptions?, string[]?]) =>
      Object.hasOwn(ADAPTERS, specifier) ? Promise.resolve(ADAPTERS[specifier]) : importForCell(specifier, ...rest),
    __wcDeno: DENO,
    [Symbol.for(RUNTIME_KEY)]: { flag, stop, guard, each, rethrow },
  };
  for (const key of Reflect.ownKeys(hidden)) hide(key, Reflect.get(hidden, key));
  Object.defineProperty(globalThis, "__wcMeta", { get: cellMeta });
  answerReloads(comms);
  const jupyter = { ...createJupyter(comms), shell: createShell(interrupts) };
  hide(JUPYTER, jupyter);
  define("Jupyter", jupyter);
  for (const [name, ask] of Object.entries(dialogs(input))) define(name, ask);
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
  Object.defineProperty(globalThis, key, { value });
}

/** Configurable and writable, so that a cell may declare the same name. */
function define(key: PropertyKey, value: unknown): void {
  Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });
}
