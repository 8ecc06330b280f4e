import { type Row, runRows } from "./cells.ts";
import { KernelClient } from "./client.ts";
import { folderWith } from "./folder.ts";

/** Names are used once in this file, so that the rows do not lean on each other. */
const CASES: Record<string, Row[]> = {
  "a var as often as one likes": [
    ["var a1 = 1; var a1 = 2; a1", "2"],
    ["for (var i1 = 0; i1 < 2; i1++) {} for (var i1 = 0; i1 < 3; i1++) {} i1", "3"],
    ["if (Math.random() < 2) { var y1 = 1 } var y1"],
    ["y1", "1"],
    ["var { p1, q1: [r1] } = { p1: 1, q1: [2] }; var p1 = 3; [p1, r1]", "[ 3, 2 ]"],
    ["a1\nvar [s1] = [7]\ns1", "7"],
    ["var t1: number | string = 't'; for (var t1 of [5] as (number | string)[]) {} t1", "5"],
    ["switch (1 as number) { case 1: var u1 = 'u' } try { var v1 = 1 } finally { var v1 = 2 }"],
    ["[u1, v1]", "[ 'u', 2 ]"],
    ["var w1!: number; w1 = 4; w1", "4"],
    ["label: for (var k1 in { x: 1 }) { continue label }"],
    ["k1", "'x'"],
    ["function f1() { return 1 } function f1() { return 2 } f1()", /TS2393/],
  ],
  "declarations of one name": [
    ["enum E2 { A = 1 } namespace E2 { export const z = 2 } [E2.A, E2.z]", "[ 1, 2 ]"],
    ["class C2 { static q = 1 } namespace C2 { export const z = 2 } [C2.q, C2.z]", "[ 1, 2 ]"],
    ["function g2() { return 1 } namespace g2 { export const z = 2 } [g2(), g2.z]", "[ 1, 2 ]"],
    ["enum F2 { A } enum F2 { B = 5 } [F2.A, F2.B, F2[5]]", "[ 0, 5, 'B' ]"],
    ["namespace N2 { export const a = 1 } namespace N2 { export const b = a + 1 } N2.b", "2"],
    ["interface I2 { a: number } interface I2 { b: number } const i2: I2 = { a: 1, b: 2 }; i2", "{ a: 1, b: 2 }"],
    ["const Color2 = { red: 1 } as const; type Color2 = keyof typeof Color2;"],
    ["const c2: Color2 = 'red'; Color2[c2]", "1"],
    ["interface Pair2 { a: number } namespace Pair2 { export const make = (a: number): Pair2 => ({ a }) }"],
    ["const p2: Pair2 = Pair2.make(3); p2.a", "3"],
    ["namespace A2.B.C { export const deep = 1 } A2.B.C.deep", "1"],
    ["const enum K2 { X = 4 } K2.X", "4"],
    ["namespace Only2 { export interface T { x: number } } const o2: Only2.T = { x: 1 }; o2.x", "1"],
    ["import Alias2 = A2.B; Alias2.C.deep", "1"],
  ],
  "a namespace run again after an edit, and declared as something else": [
    ["namespace M3 { export const old = 1 }"],
    ["namespace M3 { export const fresh = 2 } M3", "{ fresh: 2 }"],
    ["const M3 = 5; M3", "5"],
    ["enum M3 { A } M3", "{ '0': 'A', A: 0 }"],
    ["function M3() { return 'f' } M3()", "'f'"],
    ["class M3 { x = 1 } new M3().x", "1"],
  ],
  exports: [
    ["export const a4 = 1; a4", "1"],
    ["export function f4() { return a4 } export class C4 {} export enum E4 { A } export type T4 = number; f4()", "1"],
    ["const b4 = 2; export { b4 }; export { b4 as c4 }; b4", "2"],
    ["export default class D4 { x = 1 }"],
    ["new D4().x", "1"],
    ["export default function () { return 1 }"],
    ["export default { a: 1 }"],
    ["export interface I4 { x: T4 } const i4: I4 = { x: a4 }; i4.x", "1"],
    ["export namespace N4 { export const x = 1 } N4.x", "1"],
    ["export let { l4 = 3 } = {} as { l4?: number }; l4", "3"],
    ["export * from 'node:os'; export { readFileSync } from 'node:fs'; export type { Stats } from 'node:fs'"],
  ],
  "what is declared for everything": [
    ["declare global { var n5: number } globalThis.n5 = 3; n5", "3"],
    ["n5 + 1", "4"],
    ["declare global { interface String { shout5(): string } }"],
    ["String.prototype.shout5 = function () { return this + '!' }; 'a'.shout5()", "'a!'"],
    ["declare global { interface Array<T> { last5(): T | undefined } }"],
    ["Array.prototype.last5 = function () { return this[this.length - 1] }; ['x'.shout5()].last5()", "'x!'"],
    ["declare global { interface String { shout5(): number } }"],
    ["const s5: number = 'a'.shout5();", undefined],
    ["declare global { var wrong5: NotThere }", /TS2304/],
    ["wrong5", /TS2304/],
    ["declare const ghost5: number; typeof ghost5", "'undefined'"],
  ],
  "text that looks like something else": [
    ["const done6 = false;"],
    ["!done6", "true"],
    ["#!/usr/bin/env node\nconst s6: number = 1; s6", "1"],
    ["{ a: 1, b: 2 }", "{ a: 1, b: 2 }"],
    ["{ done6, 'two words': [1] }", "{ done6: false, 'two words': [ 1 ] }"],
    ["{ a: nothing6 }", /In \[\d+\]:1:6 - error TS2304/],
    ["{ let x6 = 1; console.log(x6) }", undefined],
    ["{}", "{}"],
    ["{ done6, a: 1 };", "{ done6: false, a: 1 }"],
    ["// before\n/* { */ { a: 1, b: 2 } // after", "{ a: 1, b: 2 }"],
    ["{ a: 1, b: 2 } as const", "{ a: 1, b: 2 }"],
    ["{ a: 1, b: 2 } satisfies object; // after\n", "{ a: 1, b: 2 }"],
    ["let assigned6 = 1"],
    ["{ assigned6 = 2 }"],
    ["assigned6", "2"],
    ["{ a: 1 }\n[1, 2].map((k) => k + 1)", "[ 2, 3 ]"],
    ["let global = 'mine'; global", "'mine'"],
    ["global", "'mine'"],
    ["{ a: 1 }.a", /SyntaxError|TS\d+/],
    ["<string>'cast'", "'cast'"],
    ["const generic6 = <T>(x: T) => x; generic6(1)", "1"],
  ],
};

describe("kernel: rewriting of cells", () => {
  let kernel: KernelClient;
  before(async () => {
    kernel = await KernelClient.start({ folder: folderWith({}) });
  });
  after(() => kernel.stop());

  for (const [title, rows] of Object.entries(CASES)) it(`takes ${title}`, () => runRows(kernel, rows));
});
