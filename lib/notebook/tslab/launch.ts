/** Starts tslab as a Jupyter kernel with what it lacks for headless runs; see the other files of this folder. */
import { createRequire } from "node:module";
import { mendCompiler } from "./compiler.ts";
import { CellImports } from "./imports.ts";
import type { CellRunner } from "./server.ts";

const ts = mendCompiler();
const require = createRequire(import.meta.url);
const { createConverter } = require("tslab/dist/converter.js") as typeof import("tslab/dist/converter.js");
const { createExecutor } = require("tslab/dist/executor.js") as typeof import("tslab/dist/executor.js");
const { JupyterHandlerImpl } = require("tslab/dist/jupyter.js") as typeof import("tslab/dist/jupyter.js");
const { MendedServer } = await import("./server.ts");

const converter = createConverter({ isJS: false, isBrowser: false });
const converters = { node: converter, browser: converter, close: () => converter.close() };
const executor = createExecutor(process.cwd(), converters, {
  log: (value) => runner.print.log(value),
  error: (...args) => runner.print.error(...args),
});
const imports = new CellImports(
  (globalThis as unknown as { __tslab__: { require: (id: string) => unknown } }).__tslab__,
);

const runner: CellRunner = {
  print: console,
  execute: async (code) => {
    await imports.load(ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName));
    return executor.execute(code);
  },
};

process.on("SIGINT", () => executor.interrupt());
/** Jupyter's server may die without a word; a kernel must not outlive it. */
setInterval(() => process.ppid === 1 && process.exit(1), 1000).unref();

await new MendedServer(new JupyterHandlerImpl(executor, false), process.argv[2], runner).init();
