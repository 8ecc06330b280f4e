import type { Runtime } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Inspector } from "./inspector.ts";
import { show, sizeOf } from "./values.ts";

type Variable = DebugProtocol.Variable;

/** What a number that a front-end holds stands for. */
interface Container {
  /** How its variables are written in code: what comes before their name. */
  path: string;
  children: () => Promise<Variable[]>;
}

interface Named {
  name: string;
  value: Runtime.RemoteObject;
  evaluateName?: string;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** Longer arrays are shown in parts. */
const PART = 100;

/** The numbers by which a front-end asks for the variables of scopes and objects. They hold until execution goes on. */
export class Variables {
  readonly #inspector: Inspector;
  /** The executor's end of the debugger. */
  readonly #debuggee: string;
  readonly #containers = new Map<number, Container>();
  #nextId = 1;

  constructor(inspector: Inspector, debuggee: string) {
    this.#inspector = inspector;
    this.#debuggee = debuggee;
  }

  /** Scopes that appear as one; of a name that several have, the first one counts. */
  scope(objectIds: string[], more: Named[] = []): number {
    return this.#add("", async () => {
      const all = await Promise.all(objectIds.map((id) => this.#properties(id)));
      const seen = new Map<string, Named>();
      for (const one of [...more, ...all.flat()]) if (!seen.has(one.name)) seen.set(one.name, one);
      return [...seen.values()].filter(({ name }) => !name.startsWith("__wc")).map((one) => this.variable(one));
    });
  }

  children(id: number): Promise<Variable[]> {
    const container = this.#containers.get(id);
    if (!container) throw new Error("these variables are gone: execution went on since they were shown");
    return container.children();
  }

  /** What is written in code before the name of a container's variables. */
  pathOf(id: number): string | undefined {
    return this.#containers.get(id)?.path;
  }

  clear(): void {
    this.#containers.clear();
  }

  variable({ name, value, evaluateName = name }: Named): Variable {
    return { name, evaluateName, ...show(value), ...this.reference(value, evaluateName) };
  }

  /** The number of an object's variables, 0 for other values. */
  reference(value: Runtime.RemoteObject, path: string): Pick<Variable, "variablesReference" | "indexedVariables"> {
    const { objectId, type } = value;
    if (objectId === undefined || type === "symbol") return { variablesReference: 0 };
    const size = sizeOf(value);
    const isList = value.subtype === "array" || value.subtype === "typedarray";
    if (size === undefined || (isList && size <= PART)) {
      return { variablesReference: this.#add(path, () => this.#ofObject(objectId, path)) };
    }
    const whole = { id: objectId, kind: value.subtype as string, path };
    return { variablesReference: this.#add(path, () => this.#partsOf(whole, 0, size)) };
  }

  async #ofObject(objectId: string, path: string): Promise<Variable[]> {
    const properties = await this.#properties(objectId);
    return properties.map((one) => this.variable({ ...one, evaluateName: member(path, one.name) }));
  }

  /** At most PART elements, or that many parts of parts. */
  async #partsOf(whole: Collection, start: number, count: number): Promise<Variable[]> {
    if (count <= PART) return this.#elements(whole, start, count);
    let size = PART;
    while (size * PART < count) size *= PART;
    return Array.from({ length: Math.ceil(count / size) }, (_, i) => {
      const [from, many] = [start + i * size, Math.min(size, count - i * size)];
      const variablesReference = this.#add(whole.path, () => this.#partsOf(whole, from, many));
      return { name: `[${from} … ${from + many - 1}]`, value: "", type: "", variablesReference };
    });
  }

  async #elements({ id, kind, path }: Collection, start: number, count: number): Promise<Variable[]> {
    const { result } = await this.#inspector.post<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
      objectId: this.#debuggee,
      functionDeclaration: "function (whole, start, count) { return this.part(whole, start, count); }",
      arguments: [{ objectId: id }, { value: start }, { value: count }],
    });
    const found = (await this.#properties(result.objectId as string)).filter(({ name }) => /^\d+$/.test(name));
    if (kind !== "map") return found.map((one, i) => this.#element(one.value, start + i, kind === "set" ? "" : path));
    return found.flatMap(({ value: key }, i) => {
      const entry = i % 2 === 0 ? [{ name: show(key).value, value: found[i + 1].value, evaluateName: "" }] : [];
      return entry.map((one) => this.variable(one));
    });
  }

  #element(value: Runtime.RemoteObject, index: number, path: string): Variable {
    return this.variable({ name: String(index), value, evaluateName: path && `${path}[${index}]` });
  }

  /** Own properties. Getters are named, not run. */
  async #properties(objectId: string): Promise<Named[]> {
    const options = { objectId, ownProperties: true, generatePreview: true };
    type Found = Runtime.GetPropertiesReturnType & { privateProperties?: PrivateProperty[] };
    const { result, privateProperties = [] } = await this.#inspector.post<Found>("Runtime.getProperties", options);
    return [...result, ...privateProperties].map(({ name, value }) => ({ name, value: value ?? GETTER }));
  }

  #add(path: string, children: Container["children"]): number {
    this.#containers.set(this.#nextId, { path, children });
    return this.#nextId++;
  }
}

interface Collection {
  id: string;
  kind: string;
  path: string;
}

interface PrivateProperty {
  name: string;
  value?: Runtime.RemoteObject;
}

const GETTER: Runtime.RemoteObject = { type: "accessor" as Runtime.RemoteObject["type"], description: "(getter)" };

function member(path: string, name: string): string {
  if (path === "") return "";
  if (/^\d+$/.test(name)) return `${path}[${name}]`;
  return IDENTIFIER.test(name) || name.startsWith("#") ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}
