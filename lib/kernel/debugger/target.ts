import type { Debugger, Runtime } from "node:inspector";
import type { Inspector } from "./inspector.ts";
import { DEBUGGEE } from "./names.ts";
import { type ScriptPlaces, Scripts } from "./scripts.ts";

/** Values that front-ends may ask about, and that V8 keeps for them until told otherwise. */
const GROUP = "debugger";

/** How many awaits deep it is known who waits for a function. */
const ASYNC_DEPTH = 8;

export interface EvaluateOptions {
  /** The inspector's name of a frame. */
  frame?: string;
  /** Refuse code that changes anything. */
  pure?: boolean;
  /** Keep what the code declares, as a cell would; this waits for promises, which never settle during a pause. */
  mayDeclare?: boolean;
}

export interface TargetListener {
  paused(event: Debugger.PausedEventDataType): void;
  resumed(): void;
}

/** What an expression came to, or what it threw. */
export type Evaluated = { value: Runtime.RemoteObject } | { thrown: string };

/** One executor process under the debugger. */
export class Target {
  readonly inspector: Inspector;
  readonly scripts: Scripts;
  /** The inspector's name of the executor's end of the debugger. */
  debuggee = "";

  constructor(
    inspector: (notified: (method: string, params: object) => void) => Inspector,
    places: ScriptPlaces,
    listener: TargetListener,
  ) {
    this.inspector = inspector((method, params) => {
      if (method === "Debugger.scriptParsed") this.scripts.parsed(params as Debugger.ScriptParsedEventDataType);
      else if (method === "Debugger.paused") listener.paused(params as Debugger.PausedEventDataType);
      else if (method === "Debugger.resumed") listener.resumed();
    });
    this.scripts = new Scripts(places, {
      source: (scriptId) => this.source(scriptId),
      maps: (url) => this.call("maps", { value: url }),
    });
  }

  /** The running text of a script. */
  async source(scriptId: string): Promise<string> {
    type Found = Debugger.GetScriptSourceReturnType;
    return (await this.inspector.post<Found>("Debugger.getScriptSource", { scriptId })).scriptSource;
  }

  async attach(): Promise<void> {
    await this.inspector.connect();
    await this.inspector.post("Debugger.enable");
    await this.inspector.post("Debugger.setAsyncCallStackDepth", { maxDepth: ASYNC_DEPTH });
    this.debuggee = await this.#findDebuggee();
    await this.#setAttached(true);
  }

  async detach(): Promise<void> {
    await this.#setAttached(false);
    await this.inspector.post("Debugger.disable");
    await this.inspector.disconnect();
  }

  /** Evaluates in a paused frame or, without one, among the notebook's variables. */
  async evaluate(js: string, { frame, pure = false, mayDeclare = false }: EvaluateOptions = {}): Promise<Evaluated> {
    const common = { expression: js, objectGroup: GROUP, generatePreview: true, throwOnSideEffect: pure };
    const { result, exceptionDetails } = frame
      ? await this.inspector.post<Runtime.EvaluateReturnType>("Debugger.evaluateOnCallFrame", {
          ...common,
          callFrameId: frame,
        })
      : await this.inspector.post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
          ...common,
          ...{ replMode: mayDeclare, silent: true, disableBreaks: true },
        });
    if (!exceptionDetails) return { value: result };
    const { exception, text } = exceptionDetails;
    return { thrown: (exception?.description ?? String(exception?.value ?? text)).split("\n    at ", 1)[0] };
  }

  /** Declares a variable of the notebook. Not awaited: V8 declares at once, but answers only when nothing is paused. */
  declare(name: string): void {
    this.evaluate(`let ${name};`, { mayDeclare: true }).catch(() => {});
  }

  /** Calls a method of the executor's end. */
  async call<T>(method: string, ...values: (Runtime.CallArgument | { value: unknown })[]): Promise<T> {
    const { result } = await this.inspector.post<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
      objectId: this.debuggee,
      functionDeclaration: `function (...values) { return this.${method}(...values); }`,
      arguments: values,
      returnByValue: true,
      silent: true,
    });
    return result.value as T;
  }

  async release(): Promise<void> {
    await this.inspector.post("Runtime.releaseObjectGroup", { objectGroup: GROUP });
  }

  /** Names that cells have declared at their top level. */
  async globalNames(): Promise<string[]> {
    const { names } = await this.inspector.post<Runtime.GlobalLexicalScopeNamesReturnType>(
      "Runtime.globalLexicalScopeNames",
    );
    return names;
  }

  async #setAttached(attached: boolean): Promise<void> {
    await this.inspector.post("Runtime.callFunctionOn", {
      objectId: this.debuggee,
      functionDeclaration: "function (attached) { this.attached = attached; }",
      arguments: [{ value: attached }],
    });
  }

  /** Found among the properties of the global object: a cell may have a `Symbol` or `globalThis` of its own. */
  async #findDebuggee(): Promise<string> {
    const { result: global } = await this.inspector.post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
      expression: "this",
    });
    const { result } = await this.inspector.post<Runtime.GetPropertiesReturnType>("Runtime.getProperties", {
      objectId: global.objectId,
      ownProperties: true,
    });
    const found = result.find(({ symbol }) => symbol?.description === `Symbol(${DEBUGGEE})`)?.value?.objectId;
    if (!found) throw new Error("the executor has no end of the debugger");
    return found;
  }
}
