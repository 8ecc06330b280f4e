import { type Row, runRows } from "./cells.ts";
import { KernelClient } from "./client.ts";
import { folderWith } from "./folder.ts";

const CASES: Record<string, Row[]> = {
  "imported from Node's modules": [
    ["import process from 'node:process'; process.version.length > 3", "true"],
    ["import { setTimeout } from 'node:timers/promises'; await setTimeout(5, 'late')", "'late'"],
    ["import { performance, PerformanceObserver } from 'node:perf_hooks'; typeof performance.now()", "'number'"],
    ["import * as crypto from 'node:crypto'; crypto.createHash('md5').update('x').digest('hex').length", "32"],
    ["import { Buffer as B, Buffer } from 'node:buffer'; B === Buffer", "true"],
  ],
  "that the kernel needs itself": [
    ["class Promise {} new Promise()", "Promise {}"],
    ["let Buffer = 3; const JSON = { a: 1 }; const String = 5; [Buffer, JSON, String]", "[ 3, { a: 1 }, 5 ]"],
    ["const Object = 'o', Array = 'a', Symbol = 's'; let Map = 1; Map += 1; [Object, Array, Symbol, Map]", undefined],
    ["[Object, Array, Symbol, Map]", "[ 'o', 'a', 's', 2 ]"],
    ["await (async () => 3)()", "3"],
    ["throw new Error('is shown')", /Error: is shown/],
    ["let console = 'mine'; console", "'mine'"],
    ["class Error extends globalThis.Error { k = 1 } new Error('x').k", "1"],
    ["throw new Error('of mine')", /of mine/],
  ],
  "that the kernel gives to cells": [
    ["const Jupyter = 'j'; let require = 'r', module = 'm', prompt = 'p', _ = 'u'; Jupyter", "'j'"],
    ["!true"],
    ["%%bash\ntrue"],
    ["%timeit 1"],
    ["[Jupyter, require, module, prompt, _]", "[ 'j', 'r', 'm', 'p', 'u' ]"],
    ["Object.keys(globalThis).filter((name) => name.startsWith('__'))", "[]"],
  ],
  "in every place of a cell": [
    [
      "const URL = 'x'; const f = () => { const { URL } = { URL: 'inner' }; return URL }; [URL, f(), { URL }]",
      undefined,
    ],
    ["[URL, f(), { URL }, { URL: 1 }.URL, ((URL: number) => URL)(2)]", "[ 'x', 'inner', { URL: 'x' }, 1, 2 ]"],
    ["require('node:url').pathToFileURL('/a').href", "'file:///a'"],
    ["new globalThis.URL('http://a/b').pathname", "'/b'"],
    ["function fetch(x: number): string { return x > 0 ? fetch(x - 1) : 'done' }"],
    ["[fetch(3), fetch.name]", "[ 'done', 'fetch' ]"],
    ["let { Set: [WeakMap], ...Reflect } = { Set: ['s'], rest: 1 }; [WeakMap, Reflect]", "[ 's', { rest: 1 } ]"],
    ["enum Date { A = 1 } namespace Event { export const x = Date.A } [Date.A, Event.x]", "[ 1, 1 ]"],
    ["for (var Blob of [1, 2]) {}"],
    ["Blob", "2"],
    ["Blob: for (;;) { break Blob } class Mine { Blob = Blob; URL() { return this.Blob } } new Mine().URL()", "2"],
    ["class Base { b = 1 } const Event2 = Base; const EventTarget = Base; new (class extends EventTarget {})().b", "1"],
    ["let Number: { parse?: string } = {}; ({ Number } = { Number: { parse: 'p' } }); Number", "{ parse: 'p' }"],
    ["import { join as escape } from 'node:path'; escape('a', 'b')", "'a/b'"],
  ],
  "assigned as globals": [
    ["(globalThis as any).Array = 5; (globalThis as any).Promise = class {}; 1", "1"],
    ["(globalThis as any).process = undefined; (globalThis as any).JSON = {}; (globalThis as any).Map = 0; 2", "2"],
    ["await 3", "3"],
    ["import { sep } from 'node:path'; sep", "'/'"],
    ["throw 'still shown'", /still shown/],
  ],
};

describe("kernel: names of global objects", () => {
  for (const [title, rows] of Object.entries(CASES)) {
    it(`may be the cells' own: ${title}`, async () => {
      const kernel = await KernelClient.start({ folder: folderWith({}) });
      try {
        await runRows(kernel, rows);
      } finally {
        await kernel.stop();
      }
    });
  }
});
