import type { Debugger, Runtime } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { withOwnNames, writtenName } from "../transform/own-name.ts";
import { frameName, type UserFrame } from "./frames.ts";
import type { Session } from "./session.ts";
import type { Evaluated } from "./target.ts";
import { show } from "./values.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Scopes of V8 that are local to a function, from the innermost outwards. */
const LOCAL = ["block", "local", "catch", "with", "eval", "wasm-expression-stack"];

/** Frames, variables and values, as they are while execution is paused or, of the notebook's variables, at any time. */
export class Inspection {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  stackTrace({ startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments): object {
    const frames = this.#session.attached.pauses.current?.frames ?? [];
    const all = frames.map((frame, i): DebugProtocol.StackFrame => {
      const { path, name, kind } = frame.script;
      const { line, column } = frame.at as { line: number; column: number };
      const presentationHint = kind === "package" ? "subtle" : "normal";
      return { id: i + 1, name: frameName(frame), source: { path, name }, line, column, presentationHint };
    });
    const stackFrames = all.slice(startFrame, levels > 0 ? startFrame + levels : undefined);
    return { stackFrames, totalFrames: all.length };
  }

  async scopes({ frameId }: DebugProtocol.ScopesArguments): Promise<object> {
    const { pauses, variables } = this.#session.attached;
    const { call } = pauses.frame(frameId);
    const ids = (types: string[]) =>
      call.scopeChain.filter(({ type }) => types.includes(type)).map(({ object }) => object.objectId as string);
    const globals = await this.#globals();
    const locals = ids(LOCAL);
    const extra = [...(hasSelf(call) ? [{ name: "this", value: call.this }] : []), ...returned(call)];
    const scopes: DebugProtocol.Scope[] = [
      scope("Locals", locals.length > 0 ? variables.scope(locals, extra) : globals, "locals"),
      ...ids(["closure"]).map((id) => scope("Closure", variables.scope([id]))),
      ...ids(["module"]).map((id) => scope("Module", variables.scope([id]))),
      scope("Globals", globals),
    ];
    return { scopes: withoutEqualNames(scopes) };
  }

  async variables({ variablesReference, start = 0, count = 0 }: DebugProtocol.VariablesArguments): Promise<object> {
    const children = await this.#session.attached.variables.children(variablesReference);
    const variables = children.slice(start, count > 0 ? start + count : undefined);
    return { variables: variables.map((variable) => this.#forClient(variable)) };
  }

  async evaluate({ expression, frameId, context }: DebugProtocol.EvaluateArguments): Promise<object> {
    const js = await this.#session.compile(expression);
    const value = valueFrom(await this.#inFrame(js, frameId, context === "hover"));
    const { value: result, type } = show(value);
    return { result, type, ...this.#session.attached.variables.reference(value, expression) };
  }

  async setVariable({ variablesReference, name, value }: DebugProtocol.SetVariableArguments): Promise<object> {
    const { variables, pauses } = this.#session.attached;
    const found = (await variables.children(variablesReference)).find((variable) => variable.name === name);
    if (!found?.evaluateName) throw new Error(`${name} cannot be set`);
    const js = await this.#session.compile(`${found.evaluateName} = (${value})`);
    const set = valueFrom(await this.#inFrame(js, pauses.current ? 1 : undefined));
    return { ...show(set), ...variables.reference(set, found.evaluateName) };
  }

  exceptionInfo(): object {
    const exception = this.#session.attached.pauses.current?.exception;
    if (!exception) throw new Error("no exception has stopped the cell");
    const breakMode = exception.uncaught ? "unhandled" : "always";
    return { exceptionId: exception.name, description: exception.text, breakMode };
  }

  async inspectVariables(): Promise<object> {
    if (!this.#session.isStarted) return { variables: [] };
    const { target, variables, pauses } = this.#session.attached;
    if (!pauses.current) {
      variables.clear();
      await target.release();
    }
    return this.variables({ variablesReference: await this.#globals() });
  }

  async richInspectVariables({ variableName, frameId }: { variableName: string; frameId?: number }): Promise<object> {
    if (!IDENTIFIER.test(variableName)) throw new Error(`${variableName} is no variable`);
    const value = valueFrom(await this.#inFrame(variableName, frameId));
    const shown = await this.#session.attached.target.call<string>("show", argumentOf(value));
    return { data: JSON.parse(shown), metadata: {} };
  }

  /** Makes a variable of a frame one of the notebook's. */
  async copyToGlobals(wanted: {
    srcVariableName: string;
    dstVariableName: string;
    srcFrameId: number;
  }): Promise<object> {
    const { srcVariableName: from, dstVariableName: to, srcFrameId } = wanted;
    if (!IDENTIFIER.test(from) || !IDENTIFIER.test(to)) throw new Error("both names must be identifiers");
    const { target } = this.#session.attached;
    const value = valueFrom(await this.#inFrame(from, srcFrameId));
    target.declare(to);
    const setter = valueFrom(await target.evaluate(`(__wcValue) => { ${to} = __wcValue; }`));
    await target.inspector.post("Runtime.callFunctionOn", {
      objectId: setter.objectId,
      functionDeclaration: "function (value) { this(value); }",
      arguments: [argumentOf(value)],
    });
    await this.#session.parts.declare(to);
    return { ...show(value), variablesReference: 0 };
  }

  /** The number of the notebook's variables. */
  async #globals(): Promise<number> {
    const { target, variables } = this.#session.attached;
    const names = await target.globalNames();
    const reads = names.map((name) => `try { __wcAll.${writtenName(name)} = ${name}; } catch {}`);
    const collected = await target.evaluate(
      `(() => { const __wcAll = { __proto__: null }; ${reads.join(" ")} return __wcAll; })()`,
    );
    return variables.scope([valueFrom(collected).objectId as string]);
  }

  async #inFrame(written: string, frameId: number | undefined, pure = false): Promise<Evaluated> {
    const { target, pauses } = this.#session.attached;
    const frame: UserFrame | undefined = frameId === undefined ? undefined : pauses.frame(frameId);
    const js = withOwnNames(written, await target.globalNames());
    return target.evaluate(js, { frame: frame?.call.callFrameId, pure, mayDeclare: !pauses.current });
  }

  /**
   * JupyterLab's tree shows a type in the place of the value, but for Python's own types; without a type it shows the
   * value, which is what one wants to see of a number or a text.
   */
  #forClient(variable: DebugProtocol.Variable): DebugProtocol.Variable {
    if (this.#session.client?.clientID !== "jupyterlab" || variable.variablesReference !== 0) return variable;
    const { type: _type, ...rest } = variable;
    return rest;
  }
}

function hasSelf({ this: self }: Debugger.CallFrame): boolean {
  return self.type !== "undefined" && self.className !== "global";
}

/** What a function is about to return. */
function returned({ returnValue }: Debugger.CallFrame) {
  return returnValue ? [{ name: "return value", value: returnValue, evaluateName: "" }] : [];
}

function scope(name: string, variablesReference: number, presentationHint?: string): DebugProtocol.Scope {
  return { name, variablesReference, expensive: false, ...(presentationHint && { presentationHint }) };
}

/** Front-ends tell scopes by their names. */
function withoutEqualNames(scopes: DebugProtocol.Scope[]): DebugProtocol.Scope[] {
  const counts = new Map<string, number>();
  return scopes.map((one) => {
    const count = (counts.get(one.name) ?? 0) + 1;
    counts.set(one.name, count);
    return count === 1 ? one : { ...one, name: `${one.name} ${count}` };
  });
}

function valueFrom(evaluated: Evaluated): Runtime.RemoteObject {
  if ("thrown" in evaluated) throw new Error(evaluated.thrown);
  return evaluated.value;
}

function argumentOf({ objectId, unserializableValue, value }: Runtime.RemoteObject): Runtime.CallArgument {
  if (objectId) return { objectId };
  return unserializableValue ? { unserializableValue } : { value };
}
