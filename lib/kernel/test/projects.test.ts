import { type Row, runRows } from "./cells.ts";
import { KernelClient } from "./client.ts";
import { type Files, folderWith, linkPackages } from "./folder.ts";

interface Case {
  title: string;
  files: Files;
  /** Of the folder, where the notebook lies. */
  notebook?: string;
  /** Folders of packages that npm would link. */
  links?: string[];
  rows: Row[];
}

const UTIL = `
export interface Opts { a: number }
export default class T { x = 1 }
export function f(o: Opts): number { return o.a }
export let n = 0;
export const inc = (): void => { n++; };
`;

const config = (compilerOptions: object, rest: object = {}) => JSON.stringify({ compilerOptions, ...rest });
const COMMON: Row[] = [
  ["import T, { Opts, f } from './util.ts'; const o: Opts = { a: 4 }; [new T().x, f(o)]", "[ 1, 4 ]"],
  ["import { n, inc } from './util.ts'; inc(); n", "1"],
  ["enum E { A = 1 } await Promise.resolve(E.A)", "1"],
];

const CASES: Case[] = [
  {
    title: "no package.json and no tsconfig.json",
    files: { "util.ts": UTIL },
    rows: [
      ...COMMON,
      ["namespace N { export const v = 1 } N.v", "1"],
      ["class P { constructor(public x: number) {} y() { return 1 } } new P(3).x", "3"],
      ["class Q extends P { y() { return 2 } } new Q(1).y()", "2"],
      ["function s(k: number) { switch (k) { case 1: k = 2; default: return k } } s(1)", "2"],
      ["function unused(a: number, b: number) { const c = 1; return a } unused(1, 2)", "1"],
      ["function strict(x) { return x }", /TS7006/],
      ["import fs = require('node:fs'); fs.existsSync('util.ts')", "true"],
      [
        "abstract class Shape { abstract area(): number } class Sq extends Shape { area() { return 4 } } new Sq().area()",
        "4",
      ],
      ["let u = <number>(1 as unknown); u", "1"],
      ["inc(); n", "2"],
      ["let n = 'mine'; inc(); n", "'mine'"],
      ["process.chdir('/'); const again = await import('./util.ts'); again.n", "3"],
      ["require('./util.ts').f({ a: 7 })", "7"],
      ["[typeof __dirname, typeof __filename, typeof module, require.resolve('./util')].length", "4"],
    ],
  },
  {
    title: "npm init's package.json",
    files: { "package.json": '{ "name": "x", "type": "commonjs" }', "util.ts": UTIL },
    rows: COMMON,
  },
  ...[
    { declarationMap: true, declaration: true, composite: true },
    { isolatedDeclarations: true, declaration: true },
    { emitDeclarationOnly: true, declaration: true },
    { rootDir: "src", outDir: "dist" },
    { baseUrl: ".", downlevelIteration: true },
    { target: "ES2016", lib: ["ES2016"] },
    { target: "ES5", module: "CommonJS", moduleResolution: "node" },
    { module: "ESNext", moduleResolution: "bundler", isolatedModules: true, verbatimModuleSyntax: true },
    { module: "NodeNext", erasableSyntaxOnly: true, noEmit: true, noUnusedLocals: true, noUnusedParameters: true },
    { strict: true, importsNotUsedAsValues: "error", notAnOption: 1, outFile: "all.js", module: "amd" },
  ].map((options) => ({
    title: JSON.stringify(options),
    files: { "package.json": "{}", "tsconfig.json": config(options), "util.ts": UTIL },
    rows: COMMON,
  })),
  {
    title: "a tsconfig.json that extends others, with comments, of a package too",
    files: {
      "package.json": "{}",
      "tsconfig.json": '{\n  // ours\n  "extends": ["./base.json", "shared/tsconfig.json"],\n}',
      "base.json": config({ strict: true, noUncheckedIndexedAccess: true }),
      "node_modules/shared/package.json": '{ "name": "shared" }',
      "node_modules/shared/tsconfig.json": config({ noImplicitOverride: true }),
    },
    rows: [
      ["[1][0].toFixed()", /TS2532/],
      ["class A { a() {} } class B extends A { a() {} }", /TS4114/],
      ["function strict(x) { return x }", /TS7006/],
    ],
  },
  {
    title: "a tsconfig.json without strictness, where the project's compiler is older",
    files: {
      "tsconfig.json": config({}),
      "node_modules/typescript/package.json": '{ "name": "typescript", "version": "5.9.3" }',
    },
    rows: [["function loose(x) { return x } loose(1)", "1"]],
  },
  {
    title: "every way of writing a path",
    notebook: "notebooks",
    files: {
      "package.json": '{ "type": "module", "imports": { "#lib/*": "./src/*.js" } }',
      "tsconfig.json": config({ paths: { "@/*": ["./src/*"], exact: ["./src/a.ts"] }, jsx: "react-jsx" }),
      "src/a.ts": "import { b } from './b';\nimport { m } from '@/deep/index.mjs';\nexport const a = b + m;\n",
      "src/b.tsx": "export const b = 1;\n",
      "src/c.cts":
        "export const c = 3; export const where = __dirname; export const path = require('node:path').sep;\n",
      "src/deep/index.mts": "export const m = 10;\n",
      "src/deep/index.ts": "export const i = 5;\n",
      "src/old.js": "exports.old = 1; exports.dir = __dirname;\n",
      "src/own.mjs": "export const own = () => 'own'; export let count = 0; export const up = () => { count += 1 };\n",
      "src/data.json": '{ "k": [1] }',
      "public/icon.svg": "<svg/>",
      "src/served.ts":
        "import icon from '/icon.svg';\nimport { sep } from 'node:path';\nconst all = Object.assign(() => icon, { sep });\nexport = all;\n",
      "src/only.d.ts": "export interface Only { x: number }\n",
      "src/star.ts": "export * from './a.js'; export { Opts } from './types'; export * from './types';\n",
      "src/types.ts": "export interface Opts { a: number } export type Id = string;\n",
      "notebooks/local.ts": "export * as ns from '../src/star';\n",
    },
    rows: [
      ["import { a } from '../src/a.js'; a", "11"],
      ["import { a as a2 } from '../src/a'; import { a as a3 } from '@/a.ts'; [a2, a3]", "[ 11, 11 ]"],
      [
        "import { a as a4 } from '@/a'; import { a as a5 } from 'exact'; import { b } from '@/b.jsx'; [a4, a5, b]",
        "[ 11, 11, 1 ]",
      ],
      ["import { c, where, path } from '../src/c.cjs'; [c, where.endsWith('src'), path]", "[ 3, true, '/' ]"],
      ["import { c as c2 } from '../src/c.cts'; import { i } from '../src/deep'; [c2, i]", "[ 3, 5 ]"],
      ["import { i as i2 } from '#lib/deep/index'; i2", "5"],
      ["import { old } from '../src/old'; import legacy from '../src/old.js'; [old, typeof legacy.dir]", undefined],
      ["import { own, count, up } from '../src/own.mjs'; up(); [own(), count]", "[ 'own', 1 ]"],
      ["import data from '../src/data.json'; import { k } from '../src/data.json'; [data.k, k]", "[ [ 1 ], [ 1 ] ]"],
      ["import raw from '../src/data.json' with { type: 'json' }; raw.k", "[ 1 ]"],
      ["import { Only } from '../src/only'; const only: Only = { x: 1 }; only.x", "1"],
      ["import { Opts, Id, a as a6 } from '../src/star'; const opts: Opts = { a: a6 }; opts.a", "11"],
      [
        "import { ns } from './local'; import type { Id as Id2 } from '@/types'; const id: Id2 = 'x'; [ns.a, id]",
        "[ 11, 'x' ]",
      ],
      ["const later = await import('../src/a'); require('../src/c.cts').c + later.a", "14"],
      ["import { nope } from '../src/a'", /TS2305/],
      ["import '../src/nope'", /Cannot find module/],
      ["import served from '../src/served'; [served().endsWith('/public/icon.svg'), served.sep]", "[ true, '/' ]"],
    ],
  },
  {
    title: "tsconfig.json files with mistakes, and folders with their own",
    files: {
      "package.json": "\uFEFF{}",
      "tsconfig.json":
        '{ "extends": "./.svelte-kit/tsconfig.json", "compilerOptions": { "strict": true, "paths": { "$lib/*": ["./lib/*"] } }, ',
      "lib/a.ts": "export const a = 1;\n",
      "asked.ts": "import { a } from '$lib/a';\nexport const asked: number = a;\n",
      "app/tsconfig.json": JSON.stringify({ files: [], references: [{ path: "./lib.json" }, { path: "./spec.json" }] }),
      "app/lib.json": config({ paths: { "~/*": ["./src/*"] } }, { include: ["src"] }),
      "app/spec.json": config({ paths: { "~/*": ["./spec/*"] } }, { include: ["spec"] }),
      "app/src/b.ts": "export const b = 2;\n",
      "app/src/main.ts": "import { b } from '~/b';\nexport const inSource = b;\n",
      "app/spec/b.ts": "export const b = 'spec';\n",
      "app/spec/main.ts": "import { b } from '~/b';\nexport const inSpec = b;\n",
      "kinds/tsconfig.json": config({
        moduleSuffixes: [".node", ""],
        rootDirs: ["src", "made"],
        paths: { pkg: ["./pkg.d.ts"] },
      }),
      "kinds/src/main.ts":
        "import { made } from './made';\nimport { v } from 'pkg';\nimport { kind } from './kind';\nexport const all = [made, v, kind];\n",
      "kinds/made/made.ts": "export const made = 'made';\n",
      "kinds/src/kind.ts": "export const kind = 'plain';\n",
      "kinds/src/kind.node.ts": "export const kind = 'node';\n",
      "kinds/pkg.d.ts": "export declare const v: number;\n",
      "kinds/node_modules/pkg/package.json": '{ "name": "pkg" }',
      "kinds/node_modules/pkg/index.js": "exports.v = 5;\n",
      "faulty/package.json": "{ name: faulty }",
      "faulty/main.ts": "import './other';\n",
    },
    rows: [
      ["import { asked } from './asked'; asked", "1"],
      ["import { a } from '$lib/a'; function strict(x) { return a }", /TS7006/],
      ["import { inSource } from './app/src/main'; const n: number = inSource; n", "2"],
      ["import { inSpec } from './app/spec/main'; const s: string = inSpec; s", "'spec'"],
      ["import { all } from './kinds/src/main'; all", "[ 'made', 5, 'node' ]"],
      ["await import('./faulty/main')", /faulty\/package\.json is not JSON: key must be a string/],
    ],
  },
  {
    title: "old and new forms of import",
    files: {
      "package.json": "{}",
      "tsconfig.json": config({ esModuleInterop: false }),
      "calls.ts":
        "import * as assert from 'assert';\nimport * as EventEmitter from 'events';\nassert(true);\nclass Mine extends EventEmitter {}\nexport const called = new Mine() instanceof EventEmitter;\n",
      "disposes.ts":
        "export const log: string[] = [];\nif (log) { await using one = { async [Symbol.asyncDispose]() { log.push('gone') } }; }\n",
      "common.ts": "const { sep } = require('path');\nmodule.exports = { sep };\n",
      "data.json": '{ "x": 1 }',
    },
    rows: [
      ["import { called } from './calls'; called", "true"],
      ["import * as assert from 'assert'; assert(true); assert.equal(1, 1);"],
      ["import { log } from './disposes'; log", "[ 'gone' ]"],
      ["import { sep } from './common'; sep", "'/'"],
      ["import data from './data.json' assert { type: 'json' }; data.x", "1"],
      ["import { promises } from 'fs'; import fs from 'fs'; promises === fs.promises", "true"],
    ],
  },
  {
    title: "packages: CommonJS, without types, with both kinds, transpiled",
    files: {
      "package.json": "{}",
      "tsconfig.json": config({ strict: true }),
      "node_modules/bag/package.json": '{ "name": "bag", "main": "main.js" }',
      "node_modules/bag/main.js":
        "const make = () => ({});\nmodule.exports = Object.assign(() => 'called', { chunk: (x) => [x], ...make() });\nmodule.exports.late = 1;\n",
      "node_modules/typed/package.json": '{ "name": "typed", "main": "main.js", "types": "main.d.ts" }',
      "node_modules/typed/main.js": "const all = { chunk: (x) => [x] };\nmodule.exports = all;\n",
      "node_modules/typed/main.d.ts": "declare const all: { chunk<T>(x: T): T[] };\nexport = all;\n",
      "node_modules/babel/package.json": '{ "name": "babel", "main": "main.js", "types": "main.d.ts" }',
      "node_modules/babel/main.js":
        "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = class Main {}; exports.named = 1;\n",
      "node_modules/babel/main.d.ts":
        "export default class Main {}\nexport declare const named: number;\nexport interface Options { x: number }\n",
      "node_modules/dual/package.json":
        '{ "name": "dual", "exports": { ".": { "import": "./m.mjs", "require": "./c.cjs" }, "./sub/*": "./sub/*.mjs" } }',
      "node_modules/dual/m.mjs": "export const kind = 'module'; export default 'default';\n",
      "node_modules/dual/c.cjs": "exports.kind = 'commonjs';\n",
      "node_modules/dual/sub/part.mjs": "export const part = 1;\n",
      "node_modules/@types/ghost/package.json": '{ "name": "@types/ghost", "types": "index.d.ts" }',
      "node_modules/@types/ghost/index.d.ts": "export interface Ghost { x: number }\n",
      "calls.ts": "import * as bag from 'bag';\nexport const called = bag();\n",
      "uses.ts":
        "import * as bag from 'bag';\nimport one, { chunk } from 'typed';\nimport Main, { named } from 'babel';\nexport const all = [bag.chunk(1), one.chunk(2), chunk(3), new Main(), named];\n",
    },
    rows: [
      ["import { chunk } from 'bag'; import bag from 'bag'; [chunk(1), bag(), bag.late]", "[ [ 1 ], 'called', 1 ]"],
      ["import * as all from 'bag'; [all.chunk(2), all.default()]", "[ [ 2 ], 'called' ]"],
      [
        "import typed, { chunk as c2 } from 'typed'; import * as ns from 'typed'; [typed.chunk(1), c2(2), ns.chunk(3)]",
        "[ [ 1 ], [ 2 ], [ 3 ] ]",
      ],
      [
        "import Main, { named, Options } from 'babel'; const mo: Options = { x: named }; [new Main(), mo]",
        "[ Main {}, { x: 1 } ]",
      ],
      [
        "import { kind } from 'dual'; import { part } from 'dual/sub/part'; [kind, part, require('dual').kind]",
        "[ 'module', 1, 'commonjs' ]",
      ],
      ["import { Ghost } from 'ghost'; const g: Ghost = { x: 1 }; g.x", "1"],
      ["import bag3 = require('bag'); bag3()", "'called'"],
      ["import { all as used } from './uses.ts'; used", "[ [ 1 ], [ 2 ], [ 3 ], Main {}, 1 ]"],
      ["(await import('bag')).chunk(5)", "[ 5 ]"],
      ["import { called } from './calls'; called", "'called'"],
      [
        "import { readFileSync } from 'fs'; import os, { EOL } from 'node:os'; [typeof readFileSync, os.EOL === EOL]",
        "[ 'function', true ]",
      ],
      ["import { gone } from 'bag'", /does not provide an export named 'gone'/],
      ["import 'magic-string'", /TS2307|Cannot find package/],
      ["await import('zeromq' as string)", /Cannot find package 'zeromq'/],
    ],
  },
  {
    title: "legacy decorators, of parameters too, with their metadata",
    files: {
      "package.json": "{}",
      "tsconfig.json": config({ experimentalDecorators: true, emitDecoratorMetadata: true, target: "ES2022" }),
      "deco.ts": `
export const seen: unknown[] = [];
(Reflect as any).metadata ??= (key: string, value: unknown) => () => { seen.push(key, value) };
export const Inject = (name: string): ParameterDecorator => (_target, key, index) => { seen.push(name, key, index) };
export function Injectable(): ClassDecorator { return (target) => { seen.push(target.name) } }
@Injectable()
export class Service { constructor(@Inject('x') private readonly x: string, private y: number) {} }
`,
    },
    rows: [
      ["import { seen, Inject, Injectable, Service } from './deco.ts'; seen.slice(2).join()", "'x,,0,Service'"],
      [
        "seen.length = 0; @Injectable() class Mine { constructor(@Inject('z') public s: Service) {} } seen.slice(1)",
        undefined,
      ],
      [
        "[seen[0], (seen[1] as unknown[])[0] === Service, ...seen.slice(2)]",
        "[ 'design:paramtypes', true, 'z', undefined, 0, 'Mine' ]",
      ],
      [
        "class Only { @((Reflect as any).metadata('a', 1)) method(@Inject('m') x: Date) {} } new Only() instanceof Only",
        "true",
      ],
      ["new Mine(new Service('a', 1)).s instanceof Service", "true"],
    ],
  },
  {
    title: "decorators as the language has them",
    files: { "package.json": "{}" },
    rows: [
      [
        "const log: string[] = []; function d(value: unknown, c: DecoratorContext) { log.push(`${c.kind} ${String(c.name)}`) }",
      ],
      ["@d class K { @d m() {} @d accessor a = 1; @d f = 2 } new K().a", "1"],
      ["log", "[ 'method m', 'accessor a', 'field f', 'class K' ]"],
    ],
  },
  {
    title: "JSX, in cells and files",
    files: {
      "package.json": "{}",
      "tsconfig.json": config({ jsx: "preserve", jsxImportSource: "tiny" }),
      "node_modules/tiny/package.json":
        '{ "name": "tiny", "exports": { "./jsx-runtime": { "types": "./jsx-runtime.d.ts", "default": "./jsx-runtime.js" } } }',
      "node_modules/tiny/jsx-runtime.js":
        "exports.jsx = exports.jsxs = (type, props) => ({ type: type.name ?? type, ...props }); exports.Fragment = 'fragment';\n",
      "node_modules/tiny/jsx-runtime.d.ts":
        "export declare const jsx: any, jsxs: any, Fragment: any;\nexport declare namespace JSX { interface IntrinsicElements { [name: string]: any } interface Element { type: string } }\n",
      "Hello.tsx":
        "import './hello.css';\nimport logo from './logo.svg';\nexport function Hello({ name }: { name: string }) { return <p title={logo}>{name}</p> }\n",
      "hello.css": ".box { color: red }\n",
      "logo.svg": "<svg/>",
    },
    rows: [
      ["<b>bold</b>", "{ type: 'b', children: 'bold' }"],
      ["import { Hello } from './Hello'; <Hello name='x' />", "{ type: 'Hello', name: 'x' }"],
      ["Hello({ name: 'y' }).type", "'p'"],
      ["<><i/><i/></>", "{ type: 'fragment', children: [ { type: 'i' }, { type: 'i' } ] }"],
      ["<Hello nam='x' />", /TS2322/],
      ["const list = [1, 2].map((k) => <li key={k}>{k}</li>); list.length", "2"],
      ["import classes from './hello.css'; classes.box", "'box'"],
    ],
  },
  {
    title: "JSX with a factory",
    files: { "package.json": "{}", "tsconfig.json": config({ jsx: "react", jsxFactory: "h" }) },
    rows: [
      ["namespace JSX { export interface IntrinsicElements { [name: string]: any } }"],
      ["declare global { namespace JSX { interface IntrinsicElements { [name: string]: any } } }"],
      ["const h = (type: string, props: object | null, ...children: unknown[]) => ({ type, children });"],
      ["<b>{1}</b>", "{ type: 'b', children: [ 1 ] }"],
    ],
  },
  {
    title: "a solution of projects, and a workspace whose packages were not built",
    notebook: "app/notebooks",
    links: ["core", "other"],
    files: {
      "package.json": '{ "workspaces": ["app", "core"] }',
      "app/package.json": '{ "name": "app", "type": "module" }',
      "app/tsconfig.json": JSON.stringify({ files: [], references: [{ path: "./tsconfig.app.json" }] }),
      "app/tsconfig.app.json": config({ strict: true, paths: { "~/*": ["./src/*"] } }, { include: ["src"] }),
      "app/src/main.ts": "import { core } from '@org/core';\nexport const main: number = core() + 1;\n",
      "core/package.json": '{ "name": "@org/core", "main": "dist/index.js", "types": "dist/index.d.ts" }',
      "core/tsconfig.json": config({ composite: true, rootDir: "src", outDir: "dist", paths: { "$/*": ["./src/*"] } }),
      "core/src/index.ts":
        "import { two } from '$/two';\nexport const core = (): number => two;\nexport interface Core { x: number }\n",
      "core/src/two.ts": "export const two = 2;\n",
      "other/package.json":
        '{ "name": "@org/other", "exports": { ".": { "types": "./lib/main.d.ts", "default": "./lib/main.js" } } }',
      "other/tsconfig.json": config({ outDir: "lib" }),
      "other/src/main.ts": "export const other = 'other';\n",
    },
    rows: [
      ["import { main } from '~/main'; const three: number = main; three", "3"],
      ["import { core, Core } from '@org/core'; const c: Core = { x: core() }; c.x", "2"],
      ["import { other } from '@org/other'; const s: string = other; s", "'other'"],
      ["const wrong: string = core();", /TS2322/],
    ],
  },
  {
    title: "declarations of the project, and conditions of its own",
    files: {
      "package.json":
        '{ "name": "self", "exports": { ".": { "@self/source": "./src/index.ts", "default": "./dist/none.js" } } }',
      "tsconfig.json": config(
        { customConditions: ["@self/source"], module: "nodenext" },
        { include: ["types", "src"] },
      ),
      "types/global.d.ts":
        "declare const BUILD: string;\ndeclare module 'virtual:thing' { const thing: number; export default thing }\n",
      "src/index.ts": "export const self = 'source';\n",
    },
    rows: [
      ["import { self } from 'self'; self", "'source'"],
      ["typeof BUILD", "'undefined'"],
      ["const n: string = BUILD;", /ReferenceError/],
      ["import { x } from 'npm:self@1'", /TS2305/],
    ],
  },
];

describe("kernel: anybody's project", () => {
  for (const { title, files, notebook = "", links = [], rows } of CASES) {
    it(`takes ${title}`, async () => {
      const folder = folderWith({ [`${notebook}/.keep`]: "", ...files });
      linkPackages(folder, links);
      const kernel = await KernelClient.start({ folder: `${folder}/${notebook}` });
      try {
        await runRows(kernel, rows);
      } finally {
        await kernel.stop();
      }
    });
  }
});
