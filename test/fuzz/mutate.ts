/** Damage, as a file suffers it on disks and networks, and as somebody does it who wants a reader to fail. */
import fc from "fast-check";

type Edit = (bytes: Buffer) => Buffer;

/** What readers stumble over, in any place. */
const TOKENS = [
  ...['"', "{", "}", "[", "]", ",", ":", "\\", "\n", "\r\n", "\0", "-", "+", "=", " ", "\t", "\ufeff", "\ud83d\ude00"],
  ...["null", "true", "NaN", "Infinity", "-Infinity", "1e999", "-1", "0", "1.5", "9007199254740993", "4294967296"],
  ...[
    '"__proto__"',
    '"constructor"',
    '"toString"',
    "\\ud800",
    "\\u0000",
    "[[[[",
    '{"a":',
    "<IDS|MSG>",
    "w-3",
    "right-",
  ],
];

const position = fc.nat({ max: 2 ** 31 - 1 });
const at = (place: number, length: number): number => (length === 0 ? 0 : place % length);

const splice = (bytes: Buffer, from: number, removed: number, added: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, from), added, bytes.subarray(from + removed)]);

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(position, fc.nat({ max: 7 })).map(([place, bit]) => (bytes: Buffer) => {
    const i = at(place, bytes.length);
    return bytes.length === 0 ? bytes : splice(bytes, i, 1, Buffer.of(bytes[i] ^ (1 << bit)));
  }),
  fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(
    ([place, added]) =>
      (bytes: Buffer) =>
        splice(bytes, at(place, bytes.length), added.length, added),
  ),
  fc.tuple(position, fc.constantFrom(...TOKENS)).map(
    ([place, token]) =>
      (bytes: Buffer) =>
        splice(bytes, at(place, bytes.length), 0, Buffer.from(token)),
  ),
  fc.tuple(position, fc.integer({ min: 1, max: 64 })).map(
    ([place, count]) =>
      (bytes: Buffer) =>
        splice(bytes, at(place, bytes.length), count, Buffer.alloc(0)),
  ),
  fc.tuple(position, position, fc.integer({ min: 1, max: 64 })).map(([from, to, count]) => (bytes: Buffer) => {
    const start = at(from, bytes.length);
    return splice(bytes, at(to, bytes.length), 0, bytes.subarray(start, start + count));
  }),
  position.map((place) => (bytes: Buffer) => bytes.subarray(0, at(place, bytes.length))),
  // A count or an offset that is far too large.
  fc.tuple(position, fc.constantFrom(0xff, 0x7f, 0x80)).map(
    ([place, byte]) =>
      (bytes: Buffer) =>
        splice(bytes, at(place, bytes.length), 4, Buffer.alloc(4, byte)),
  ),
);

/** One of these, damaged in one to six places. */
export const damaged = (sound: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...sound), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([bytes, edits]) => edits.reduce((result, apply) => apply(result), bytes));

/** What stands in the place of a value that a schema expects. */
const STRANGE = [
  ...[null, true, "", "abc", "1", "__proto__", 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, 1e-320, -0],
  ...[[], [[]], {}, [null], { a: { b: {} } }, "\ud800", "../../etc/passwd", "x".repeat(5000)],
];

type Path = (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsIn(part, [...path, key]))];
}

/** A copy with one part replaced, left out (undefined), or named otherwise. */
function replaced(value: unknown, [key, ...rest]: Path, part: unknown, name?: string): unknown {
  if (key === undefined) return part;
  // A list whose entry gets a name is none any more; as one it would not take the name "length".
  const isList = Array.isArray(value) && (rest.length > 0 || name === undefined);
  const copy = isList ? [...value] : { ...(value as object) };
  const parts = copy as Record<string, unknown>;
  const inner = rest.length === 0 ? part : replaced(parts[key], rest, part, name);
  if (inner === undefined && name === undefined) delete parts[key];
  else parts[rest.length === 0 && name !== undefined ? name : key] = inner;
  return copy;
}

const change = (value: unknown): fc.Arbitrary<unknown> => {
  const place = fc.constantFrom(...pathsIn(value));
  return fc.oneof(
    fc.tuple(place, fc.constantFrom(...STRANGE)).map(([path, part]) => replaced(value, path, part)),
    fc.tuple(place, fc.constant(undefined)).map(([path, part]) => replaced(value, path, part)),
    fc.tuple(place, fc.jsonValue({ maxDepth: 3 })).map(([path, part]) => replaced(value, path, part)),
    fc
      .tuple(place, fc.constantFrom(...STRANGE), fc.string())
      .map(([path, part, name]) => replaced(value, path, part, name)),
  );
};

/** JSON whose text is damaged, or that is sound and says something else. */
export function damagedJson(sound: readonly unknown[]): fc.Arbitrary<Buffer> {
  const text = damaged(sound.map((value) => Buffer.from(JSON.stringify(value))));
  const sense = fc.constantFrom(...sound).chain(change);
  return fc.oneof(
    text,
    sense.map((value) => Buffer.from(JSON.stringify(value) ?? "")),
  );
}
