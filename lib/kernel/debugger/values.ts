import type { Runtime } from "node:inspector";
import { inspect } from "node:util";

export interface Shown {
  value: string;
  type: string;
}

const MAX_TEXT = 10_000;

/** A value of the executor as a person reads it, and its type. No code of the value's own is run. */
export function show(remote: Runtime.RemoteObject): Shown {
  if (remote.objectId === undefined) return showPrimitive(remote);
  if (remote.type === "function") return showFunction(remote.description ?? "function");
  if (remote.type === "symbol") return { value: remote.description ?? "Symbol()", type: "symbol" };
  return { value: showObject(remote), type: remote.className ?? "Object" };
}

function showPrimitive({ type, subtype, value, unserializableValue, description }: Runtime.RemoteObject): Shown {
  if (type === "string") return { value: quote(String(value)), type };
  if (subtype === "null") return { value: "null", type: "null" };
  return { value: unserializableValue ?? description ?? String(value), type };
}

function quote(text: string): string {
  if (text.length <= MAX_TEXT) return inspect(text, { breakLength: Number.POSITIVE_INFINITY });
  return `${inspect(text.slice(0, MAX_TEXT))}… ${text.length} characters`;
}

function showFunction(description: string): Shown {
  const [line] = description.split("\n", 1);
  if (/^class\b/.test(line)) return { value: line.replace(/\s*\{.*$/, ""), type: "class" };
  const head = /^(?:async\s+)?(?:function\b)?\s*\*?\s*([\w$]*)\s*(\([^)]*\))/.exec(line);
  return { value: head ? `ƒ ${head[1]}${head[2]}` : "ƒ", type: "function" };
}

function showObject({ subtype, className, description = "Object", preview }: Runtime.RemoteObject): string {
  if (subtype === "error") return description.split("\n    at ", 1)[0];
  if (!preview || subtype === "regexp" || subtype === "date") return description;
  const inside = previewParts(preview);
  if (subtype === "array" || subtype === "typedarray") return `${description} [${inside}]`;
  return className === "Object" ? `{${inside}}` : `${description} {${inside}}`;
}

function previewParts({ subtype, properties, entries, overflow }: Runtime.ObjectPreview): string {
  const isList = subtype === "array" || subtype === "typedarray";
  const shownEntries = (entries ?? []).map(({ key, value }) =>
    key ? `${previewOf(key)} => ${previewOf(value)}` : previewOf(value),
  );
  const shownProperties = properties
    .filter(({ name }) => !(subtype === "map" || subtype === "set") || name !== "size")
    .map((property) => (isList && /^\d+$/.test(property.name) ? propertyValue(property) : named(property)));
  return [...shownEntries, ...shownProperties, ...(overflow ? ["…"] : [])].join(", ");
}

function named(property: Runtime.PropertyPreview): string {
  return `${property.name}: ${propertyValue(property)}`;
}

function propertyValue({ type, value = "", valuePreview }: Runtime.PropertyPreview): string {
  if (type === "string") return inspect(value);
  if (type === "function") return "ƒ";
  if (type === "accessor") return "…";
  return valuePreview ? previewOf(valuePreview) : value || type;
}

function previewOf({ type, description = type }: Runtime.ObjectPreview): string {
  return type === "string" ? inspect(description) : description;
}

/** How many elements an array, map or set has, as V8's description of it ends. */
export function sizeOf({ subtype, description = "" }: Runtime.RemoteObject): number | undefined {
  if (!["array", "typedarray", "map", "set"].includes(subtype ?? "")) return undefined;
  const size = /\((\d+)\)$/.exec(description);
  return size ? Number(size[1]) : undefined;
}
