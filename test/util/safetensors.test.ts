import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../lib/util/errors.ts";
import { fromHalf, toHalf } from "../../lib/util/half.ts";
import { decodeSafetensors, encodeSafetensors, type HostTensor } from "../../lib/util/safetensors.ts";

/** A file of any header and data. */
function fileOf(header: unknown, dataBytes = 0): Buffer {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, Buffer.alloc(dataBytes)]);
}

const entry = (shape: unknown, from: unknown, to: unknown, dtype: unknown = "F32") => {
  return { dtype, shape, data_offsets: [from, to] };
};

function refused(bytes: Buffer, why: RegExp): void {
  assert.throws(
    () => decodeSafetensors(bytes, "x.safetensors"),
    (error: unknown) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.problem, /^x\.safetensors is not a sound safetensors file: /);
      assert.match(error.problem, why);
      return true;
    },
  );
}

const tensor: fc.Arbitrary<HostTensor> = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const length = shape.reduce((a, b) => a * b, 1);
  return fc.float32Array({ minLength: length, maxLength: length }).map((data) => ({ shape, data }));
});
const name = fc.string({ unit: "binary" }).filter((text) => text !== "__metadata__");
const tensors = fc.dictionary(name, tensor, { maxKeys: 6, noNullPrototype: true });

describe("safetensors", () => {
  it("what is written is read back: every bit, shape, name and metadata", () => {
    fc.assert(
      fc.property(
        tensors,
        fc.dictionary(name, fc.string(), { maxKeys: 3, noNullPrototype: true }),
        (written, metadata) => {
          const read = decodeSafetensors(encodeSafetensors(written, metadata), "");
          assert.deepEqual(Object.keys(read.tensors), Object.keys(written));
          assert.deepEqual(read.metadata, metadata);
          for (const [key, { shape, data }] of Object.entries(written)) {
            assert.deepEqual(read.tensors[key].shape, shape);
            assert.deepEqual(new Uint32Array(read.tensors[key].data.buffer), new Uint32Array(data.slice().buffer));
          }
        },
      ),
    );
  });

  it("the data begins at a multiple of eight bytes", () => {
    for (const key of ["a", "ab", "abc", "abcd", "ä", "€"]) {
      const bytes = encodeSafetensors({ [key]: { shape: [1], data: Float32Array.of(1) } });
      assert.equal(Number(bytes.readBigUInt64LE(0)) % 8, 0);
    }
  });

  it("values that do not fill their shape are not written", () => {
    assert.throws(() => encodeSafetensors({ w: { shape: [2, 2], data: new Float32Array(3) } }), /"w" has 3 values/);
  });

  it("ranges may be listed in any order, empty tensors anywhere", () => {
    const header = { b: entry([1], 4, 8), empty: entry([0, 3], 4, 4), a: entry([], 0, 4) };
    assert.deepEqual(Object.keys(decodeSafetensors(fileOf(header, 8), "").tensors), ["b", "empty", "a"]);
  });

  it("a tensor may bear the name of a property that every object has", () => {
    const bytes = fileOf('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4);
    const { tensors } = decodeSafetensors(bytes, "");
    assert.deepEqual(Object.keys(tensors), ["__proto__"]);
    assert.deepEqual(Object.keys(decodeSafetensors(encodeSafetensors(tensors), "").tensors), ["__proto__"]);
  });

  it("refuses a file cut off anywhere, and one with bytes at its end", () => {
    const whole = encodeSafetensors({ w: { shape: [3], data: Float32Array.of(1, 2, 3) } }, { step: "1" });
    for (let length = 0; length < whole.length; length++) refused(whole.subarray(0, length), /bytes|truncated/);
    refused(Buffer.concat([whole, Buffer.alloc(1)]), /holds 13 bytes of data, its header describes 12/);
  });

  it("refuses an endless header", () => {
    const size = Buffer.alloc(16);
    size.writeBigUInt64LE(2n ** 64n - 1n);
    refused(size, /its header claims 18446744073709552000 bytes/);
    size.writeBigUInt64LE(100_000_001n);
    refused(size, /claims 100000001 bytes/);
  });

  it("refuses a header that is no JSON object of sound text", () => {
    for (const text of ["", "{", "[1]", "null", '"w"', "1", "{}x"]) refused(fileOf(text), /its header is not/);
    const invalid = fileOf('{"a":1}');
    invalid[10] = 0xff;
    refused(invalid, /its header is not JSON/);
    for (const metadata of [1, [], null, { step: 1 }, "x"]) {
      refused(fileOf({ __metadata__: metadata }), /metadata is not a record of texts/);
    }
  });

  it("refuses a header that names something twice, however it is spelt, at any depth", () => {
    const one = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
    refused(fileOf(`{"a":${one},"a":${one}}`, 4), /names "a" twice/);
    refused(fileOf(`{"a":${one},"\\u0061":${one}}`, 4), /names "a" twice/);
    refused(fileOf('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4), /"dtype" twice/);
    refused(fileOf(`{"__metadata__":{"k":"1","k":"2"},"a":${one}}`, 4), /"k" twice/);
    const braces = { "{": entry([1], 0, 4), '}"': entry([1], 4, 8), "a:": entry([1], 8, 12) };
    assert.equal(Object.keys(decodeSafetensors(fileOf(braces, 12), "").tensors).length, 3);
  });

  it("refuses what stands around the header but spaces after it", () => {
    const one = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
    for (const text of [` ${one}`, `\n${one}`, `\ufeff${one}`]) refused(fileOf(text, 4), /does not begin with \{/);
    for (const text of [`${one}\n`, `${one}\t`, `${one} \r `]) refused(fileOf(text, 4), /something else than spaces/);
    decodeSafetensors(fileOf(`${one}   `, 4), "");
  });

  it("reads BF16, and says of types that it does not read that they are sound", () => {
    const bytes = fileOf({ a: entry([2], 0, 4, "BF16") }, 4);
    bytes.writeUInt16LE(0x3f80, bytes.length - 4);
    bytes.writeUInt16LE(0xc2f7, bytes.length - 2);
    assert.deepEqual([...decodeSafetensors(bytes, "x").tensors.a.data], [1, -123.5]);
    const wide = fileOf({ a: entry([1], 0, 8, "F64") }, 8);
    assert.throws(
      () => decodeSafetensors(wide, "w.st"),
      (error: UserError) => {
        assert.equal(error.problem, '"a" in w.st is F64; F32, F16 and BF16 are read');
        assert.match(error.mend, /convert/);
        return true;
      },
    );
  });

  it("holds no half of a character, which readers in other languages refuse", () => {
    const one = { shape: [1], data: Float32Array.of(1) };
    assert.throws(() => encodeSafetensors({ "\ud800": one }), /is no text/);
    assert.throws(() => encodeSafetensors({}, { note: "\udfff" }), /not a record of texts/);
    assert.doesNotThrow(() => encodeSafetensors({ "😀": one }, { "😀": "😀" }));
  });

  it("writes nothing that it would not read", () => {
    const data = Float32Array.of(1, 2, 3);
    const wrong = (tensors: Record<string, unknown>, metadata = {}): void =>
      void assert.throws(() => encodeSafetensors(tensors as Parameters<typeof encodeSafetensors>[0], metadata));
    wrong({ a: { shape: [-1, -3], data } });
    wrong({ a: { shape: [1.5, 2], data } });
    wrong({ a: { shape: new Array(65).fill(1), data: data.subarray(0, 1) } });
    wrong({ __metadata__: { shape: [3], data } });
    wrong({ a: { shape: [3], data } }, { step: 1 });
  });

  it("16-bit floats are read back as the nearest halves", () => {
    const tensors = { a: { shape: [3], data: Float32Array.of(1 / 3, -2, 1e-3) } };
    const bytes = encodeSafetensors(tensors, {}, "F16");
    const { data } = decodeSafetensors(bytes, "x").tensors.a;
    assert.deepEqual(
      [...data],
      [...tensors.a.data].map((value) => fromHalf(toHalf(value))),
    );
    refused(fileOf({ a: entry([2], 0, 8, "F16") }, 8), /"a" has 8 bytes for shape \[2\]/);
  });

  it("refuses holes, overlaps, and ranges that are not the tensor's size", () => {
    refused(fileOf({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, 12), /"b" starts at byte 8 instead of 4/);
    refused(fileOf({ a: entry([2], 0, 8), b: entry([1], 4, 8) }, 8), /"b" starts at byte 4 instead of 8/);
    refused(fileOf({ a: entry([1], 0, 4), b: entry([1], 0, 4) }, 4), /"b" starts at byte 0 instead of 4/);
    refused(fileOf({ a: entry([1], 4, 8) }, 8), /"a" starts at byte 4 instead of 0/);
    refused(fileOf({ a: entry([2], 0, 4) }, 4), /"a" has 4 bytes for shape \[2\]/);
    refused(fileOf({ a: entry([1], 4, 0) }, 4), /"a" starts at byte 4/);
    refused(fileOf({ a: entry([], 0, 0) }), /"a" has 0 bytes for shape \[\]/);
  });

  it("refuses other types, and shapes and ranges that are not counts", () => {
    for (const dtype of ["F31", "f32", null, 1, ["F32"], ["F32", "F32"], { toString: 1 }, true, "__proto__"])
      refused(fileOf({ a: entry([1], 0, 4, dtype) }, 4), /has dtype/);
    for (const bad of [null, 3, "x", []]) refused(fileOf({ a: bad }, 4), /"a" has dtype undefined/);
    for (const shape of [null, 1, [-1], [1.5], ["1"], [null], {}, [2 ** 53]]) {
      refused(fileOf({ a: entry(shape, 0, 4) }, 4), /"a" has no valid shape/);
    }
    for (const range of [null, [], [0], [0, 4, 4], [0, -4], ["0", 4], [0, 0.5]]) {
      refused(fileOf({ a: { dtype: "F32", shape: [1], data_offsets: range } }, 4), /"a" has no valid range/);
    }
  });

  it("refuses a shape whose size overflows", () => {
    refused(fileOf({ a: entry([2 ** 32, 2 ** 32], 0, 4) }, 4), /"a" overflows/);
    refused(fileOf({ a: entry(new Array(40).fill(2 ** 30), 0, 4) }, 4), /"a" overflows/);
    refused(fileOf({ a: entry([2 ** 40, 2 ** 40, 0], 0, 0) }, 0), /"a" overflows/);
    refused(fileOf({ a: entry([2 ** 53 - 1, 2 ** 53 - 1, 0], 0, 0) }, 0), /"a" overflows/);
    refused(fileOf({ a: entry(new Array(4_000_000).fill(1), 0, 4) }, 4), /"a" has no valid shape/);
  });

  it("no bytes make it throw anything else, or read beyond the file", () => {
    const whole = encodeSafetensors({
      w: { shape: [2, 1], data: Float32Array.of(1, 2) },
      v: { shape: [], data: Float32Array.of(3) },
    });
    const attempt = (bytes: Buffer): void => {
      try {
        const { tensors: read } = decodeSafetensors(bytes, "");
        const values = Object.values(read).reduce((sum, { data }) => sum + data.length, 0);
        assert.ok(4 * values < bytes.length);
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
      }
    };
    fc.assert(fc.property(fc.uint8Array(), (bytes) => attempt(Buffer.from(bytes))));
    fc.assert(fc.property(fc.json(), fc.nat(16), (json, data) => attempt(fileOf(json, data))));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const harmed = Buffer.from(whole);
        harmed[at] = byte;
        attempt(harmed);
      }),
      { numRuns: 1000 },
    );
  });
});
