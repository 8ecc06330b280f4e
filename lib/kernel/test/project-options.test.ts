import type { Row } from "./cells.ts";
import { config, describeProjects } from "./project.ts";

const UTIL = `
export interface Opts { a: number }
export default class T { x = 1 }
export function f(o: Opts): number { return o.a }
export let n = 0;
export const inc = (): void => { n++; };
`;

const COMMON: Row[] = [
  ["import T, { Opts, f } from './util.ts'; const o: Opts = { a: 4 }; [new T().x, f(o)]", "[ 1, 4 ]"],
  ["import { n, inc } from './util.ts'; inc(); n", "1"],
  ["enum E { A = 1 } await Promise.resolve(E.A)", "1"],
];

describeProjects("tsconfig.json", [
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
]);
