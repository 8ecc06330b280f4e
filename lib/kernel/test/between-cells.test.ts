import assert from "node:assert/strict";
import { type Row, runRows } from "./cells.ts";
import { KernelClient } from "./client.ts";
import { folderWith } from "./folder.ts";

const CASES: Record<string, Row[]> = {
  "what a variable was left with narrows its type": [
    ["let s1: string | undefined = 'abc'"],
    ["s1.length", "3"],
    ["s1 = undefined"],
    ["s1.length", /TS18048/],
    ["s1 = 'again'; let n1: number | null = 5;"],
    ["s1.length + n1.toFixed().length", "6"],
    ["let mode1: 'a' | 'b' = 'a'; const flip1 = () => { mode1 = 'b' };"],
    ["flip1(); mode1 === 'b'", "true"],
    ["let timer1: { stop(): number } | undefined = undefined as { stop(): number } | undefined;"],
    ["timer1?.stop()", undefined],
    ["let shape1: { kind: 'c'; r: number } | { kind: 'q'; a: number } = { kind: 'c', r: 2 }"],
    ["shape1.r", "2"],
    ["let found1 = [1, 2, 3].find((x) => x > 1)"],
    ["if (found1 === undefined) throw new Error('none')"],
    ["found1!.toFixed()", "'2'"],
    ["let [p1, q1]: (string | number)[] = ['x', 2]"],
    ["p1 = 'y'"],
    ["p1.length", "1"],
  ],
  "what an earlier cell made sure of": [
    [
      "let g4 = new Map([['x', 1]]).get('x'); const o4: { a?: number } | undefined = Math.random() > 2 ? undefined : { a: 1 };",
    ],
    ["g4 + 1", /TS18048/],
    ["if (!g4) throw new Error('none')"],
    ["g4 + 1", "2"],
    ["g4 = g4 + 1"],
    ["g4.toFixed()", "'2'"],
    ["import assert4 from 'node:assert'"],
    ["assert4(o4)"],
    ["o4.b", /TS2339/],
    ["if (!o4.a) throw 0"],
    ["o4.a + 1", /TS18048[\s\S]*Hint: what an earlier cell checked of a member ends/],
    ["let t4: string | number | undefined = (() => 'x' as string | number | undefined)()"],
    ["if (t4 === undefined) throw 1"],
    ["if (typeof t4 === 'number') { throw 2 }"],
    ["t4.length", "1"],
    ["t4 = undefined"],
    ["t4.length", /TS18048/],
  ],
  "what the cell's own guards and assertions made sure of": [
    ["function isText5(x: unknown): x is string { return typeof x === 'string' }"],
    ["let u5: unknown = 'abc'"],
    ["if (!isText5(u5)) throw 1"],
    ["u5.length", "3"],
    ["function must5(x: unknown): asserts x { if (!x) throw 1 }"],
    ["let n5: number | null = Math.random() < 2 ? 5 : null"],
    ["must5(n5 !== null)"],
    ["n5.toFixed()", "'5'"],
    ["function fail5(): never { throw 1 }"],
    ["let v5 = new Map([['a', 1]]).get('a')"],
    ["if (v5 === undefined) fail5()"],
    ["v5 + 1", "2"],
    ["let k5 = (() => 'b' as 'a' | 'b' | 'c')()"],
    ["switch (k5) { case 'a': case 'c': throw 1 }"],
    ["const b5: 'b' = k5; b5", "'b'"],
    ["let w5: string | undefined = ['x'].find(Boolean)"],
    ["{ if (!w5) throw 1 }"],
    ["w5.length", "1"],
    ["let c5: string | undefined = ['x'].find(Boolean)"],
    ["while (!c5) { c5 = 'y' }"],
    ["c5.length", "1"],
    ["let e5: unknown"],
    ["try { throw new TypeError('x') } catch (e) { e5 = e }"],
    ["if (!(e5 instanceof TypeError)) throw 1"],
    ["e5.message", "'x'"],
    ["const t5: string | undefined = 'abc'"],
    ["t5.length", "3"],
  ],
  "guards one after the other add up, and end with an assignment": [
    ["let x6: number | number[] | null = (() => [1] as number | number[] | null)()"],
    ["if (x6 === null) throw 1"],
    ["x6.length", /TS2339(?![\s\S]*TS18047)/],
    ["if (!Array.isArray(x6)) throw 2"],
    ["x6.length", "1"],
    ["if (x6.length > 5) console.log('long')"],
    ["const half6 = () => x6.length / 2; function twice6(by: number) { return half6() * by }"],
    ["twice6(4)", "2"],
    ["x6 = 5"],
    ["x6.length", /TS2339/],
    ["x6.toFixed()", "'5'"],
    ["let r6: { ok: true; value: number } | { ok: false } = (() => ({ ok: true, value: 2 }) as any)()"],
    ["if (!r6.ok) throw 1; else console.log(r6.value)"],
    ["r6.value", "2"],
    ["const f6 = [1, 2].find((x) => x === 2)"],
    ["if (f6 === undefined) throw 1"],
    ["function of6() { return f6 * 2 } of6()", "4"],
  ],
  "types of one name tell which cell they come from": [
    ["class Thing7 { #x = 1 }"],
    ["const t7 = new Thing7()"],
    ["class Thing7 { #x = 1; more() {} }"],
    ["const u7: Thing7 = t7", /Type 'Thing7 of In \[\d+\]' is not assignable to type 'Thing7 of In \[\d+\]'/],
  ],
  "a variable gets its type when it gets its value": [
    ["let a2"],
    ["a2 = 5"],
    ["a2 + 1", "6"],
    ["a2 = 'text'"],
    ["a2.length", "4"],
    ["let b2 = null"],
    ["b2 = { x: 1 }"],
    ["b2.x", "1"],
    ["let c2 = []; const d2 = [];"],
    ["c2.push(1); d2.push('x')"],
    ["[c2[0] + 1, d2[0]]", "[ 2, 'x' ]"],
    ["var e2, f2: number"],
    ["e2 = f2 = 3"],
    ["e2 + f2", "6"],
  ],
  "a value and a type of one name live side by side": [
    ["const Size3 = { small: 1 }; type Size3 = keyof typeof Size3;"],
    ["const s3: Size3 = 'small'; Size3[s3]", "1"],
    ["interface User3 { name: string }"],
    ["const User3 = (name: string): User3 => ({ name });"],
    ["const u3: User3 = User3('x'); u3.name", "'x'"],
    ["class Animal3 { legs = 4 }"],
    ["const Animal3 = 5;"],
    ["Animal3 + 1", "6"],
    ["let x3: Animal3;", /TS2749/],
  ],
};

describe("kernel: types between cells", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folderWith({}) });
  });
  after(() => kernel.stop());

  for (const [title, rows] of Object.entries(CASES)) it(title, () => runRows(kernel, rows));

  it("completes what types leave open from the value itself, and runs nothing for it", async () => {
    await kernel.execute(`
      const data = JSON.parse('{ "users": [{ "name": "x", "two words": 1 }], "total": 1 }');
      let touched = 0;
      const trap = { plain: 1, get inner() { touched += 1; return { deep: 1 } } } as any;
      const proxy = new Proxy({}, { get() { touched += 1; return 1 }, ownKeys() { touched += 1; return [] } }) as any;
      const index: Record<string, number> = { alpha: 1 };
      class Held { #hidden = 1; shown = 2; method() {} }
      const held: unknown = new Held();
      Object.defineProperty(globalThis, "lazy", { get() { touched += 1; return { a: 1 } }, configurable: true });
    `);
    const ask = async (code: string) => {
      const reply = await kernel.request("complete_request", { code, cursor_pos: code.length });
      return (reply.matches as string[]).slice(0, 4);
    };
    assert.deepEqual(await ask("data."), ["users", "total"]);
    assert.deepEqual(await ask("const z = data.us"), ["users"]);
    assert.deepEqual(await ask("data.users[0]."), ["name"]);
    assert.deepEqual(await ask("data['users'][0].na"), ["name"]);
    assert.deepEqual(await ask("trap."), ["plain", "inner"]);
    assert.deepEqual(await ask("trap.inner."), []);
    assert.deepEqual(await ask("proxy."), []);
    assert.deepEqual((await ask("index.al")).slice(0, 1), ["alpha"]);
    assert.deepEqual(await ask("(held as any).sh"), ["shown"]);
    assert.deepEqual(await ask("data.users[0]['"), ["name", "two words"]);
    assert.deepEqual(await ask('data["users"][0]["two w'), ["two words"]);
    assert.deepEqual((await ask("held.")).slice(0, 2), ["shown", "method"]);
    assert.deepEqual(await ask("(lazy as any)."), []);
    assert.deepEqual(await ask("nowhere.at.all."), []);
    assert.equal((await kernel.execute("touched")).result, "0");
  });

  it("completes results, and lists of millions without listing them", async () => {
    await kernel.execute("({ first: { second: 1 } })");
    const { execution_count } = (await kernel.execute("const long: any = new Float64Array(3e7); [{ third: 1 }]")).reply;
    const ask = async (code: string) =>
      (await kernel.request("complete_request", { code, cursor_pos: code.length })).matches;
    assert.deepEqual(await ask("__.first."), ["second"]);
    assert.deepEqual(await ask("_[0]."), ["third"]);
    assert.deepEqual(await ask(`Out[${execution_count}][0].th`), ["third"]);
    assert.deepEqual(await ask("long.suba"), ["subarray"]);
  });

  it("completes while a cell computes, from types alone", async () => {
    const running = kernel.start("const until = Date.now() + 3000; while (Date.now() < until) {}");
    const reply = await kernel.request("complete_request", { code: "data.", cursor_pos: 5 });
    assert.deepEqual(reply.status, "ok");
    await kernel.finished(running);
  });
});
