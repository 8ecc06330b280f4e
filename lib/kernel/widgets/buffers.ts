/** JSON cannot hold bytes: they travel beside it, and paths say where they belong. */
export type Path = (string | number)[];

export interface Split {
  /** The value without its bytes. */
  json: unknown;
  paths: Path[];
  buffers: Uint8Array[];
}

/** Takes the bytes out of a value, however deep. What holds bytes is copied, the value stays as it is. */
export function splitBytes(value: unknown): Split {
  const paths: Path[] = [];
  const buffers: Uint8Array[] = [];
  const visit = (part: unknown, path: Path): unknown => {
    const bytes = bytesOf(part);
    if (bytes) {
      paths.push(path);
      buffers.push(bytes);
      return null;
    }
    if (Array.isArray(part)) return part.map((item, i) => visit(item, [...path, i]));
    if (!isPlain(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  return { json: visit(value, []), paths, buffers };
}

/** Puts bytes back to where their paths say. The value is changed. */
export function joinBytes(
  value: Record<string, unknown>,
  paths: readonly Path[],
  buffers: readonly Uint8Array[],
): void {
  for (const [i, path] of paths.entries()) {
    const holder = path.slice(0, -1).reduce<unknown>(own, value);
    if (typeof holder !== "object" || holder === null) continue;
    Object.defineProperty(holder, path[path.length - 1], {
      ...{ value: buffers[i], enumerable: true, configurable: true, writable: true },
    });
  }
}

/** Nothing inherited: a message must not reach the prototypes that everything shares. */
function own(holder: unknown, key: string | number): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key)) return undefined;
  return (holder as Record<string | number, unknown>)[key];
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) return undefined;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
