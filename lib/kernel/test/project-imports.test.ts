import { config, describeProjects } from "./project.ts";

describeProjects("imports of its files", [
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
]);
