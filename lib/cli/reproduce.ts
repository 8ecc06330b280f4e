/**
 * `npm run reproduce`: executes the notebooks of the main table on the shipped checkpoints and prints what they measured;
 * `--only 02,04` the others.
 */
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { bundleOf, plusMinus, table } from "../display/index.ts";
import { MEASURED_TABLE, PROFILES, readTable } from "../evaluation/index.ts";
import { runNotebook } from "../notebook/run.ts";
import { selectNotebooks } from "../notebook/select.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { ensureAll } from "../runtime/setup/all.ts";
import { CACHE } from "../runtime/setup/paths.ts";
import { pythonProgram } from "../runtime/setup/python.ts";
import { ROOT } from "../util/root.ts";
import { text } from "../util/schema.ts";
import { runCommand } from "./command.ts";

const SECONDS_PER_CELL = 3600;
/** Notebooks side by side: for long stretches one keeps one core busy. */
const SIDE = Math.min(2, availableParallelism());

/** The full profile where the processor's own library runs; on wasm, several times slower, a sample. */
async function chooseProfile(): Promise<string> {
  const { name } = await openBackend();
  if (name !== "wasm") return "paper";
  console.log("wasm is many times slower than the native backend: the smaller profile ci is used");
  return "ci";
}

async function execute(path: string, profile: string): Promise<boolean> {
  const name = basename(path, ".ipynb");
  const failure = await runNotebook(path, {
    python: pythonProgram("python"),
    kernel: "worldcompass-typescript",
    seconds: SECONDS_PER_CELL,
    shared: { profile },
    parameters: {},
    output: join(CACHE, "notebooks"),
    write: false,
    log: console.log,
    onCell: (cell, seconds) => seconds >= 5 && console.log(`${name}: cell ${cell + 1} took ${seconds.toFixed(0)} s`),
  });
  return failure === undefined;
}

async function printTable(): Promise<void> {
  const { rows, profile } = readTable(MEASURED_TABLE);
  const shown = table(rows, {
    columns: ["model", "actions", "frames", "accuracy", "translation", "rotation", "visual", "psnr", "ssim"],
    formats: {
      accuracy: (value, row) => plusMinus(value as number, row.accuracySd as number),
      translation: 1,
      rotation: 1,
      visual: 2,
      psnr: 1,
      ssim: 3,
    },
    caption: `Main table, profile ${profile}: exact action accuracy in percent, mean ± standard deviation over seeds`,
  });
  console.log((await bundleOf(shown))["text/plain"]);
}

const options = z.strictObject({
  profile: z
    .enum(Object.keys(PROFILES))
    .optional()
    .describe("How much is measured; where not given, all of it where the native library runs, else a sample."),
  only: z.array(text()).default(["01", "03"]).describe("Starts of the notebooks' file names; all when empty."),
});
const about = "Executes the notebooks on the shipped checkpoints, and prints the main table that they measured.";

await runCommand({ name: "reproduce", about, options }, async ({ profile: given, only }) => {
  await ensureAll();
  const profile = given ?? (await chooseProfile());
  const waiting = selectNotebooks(join(ROOT, "notebooks"), only);
  const executeNext = async (): Promise<void> => {
    for (let path = waiting.shift(); path; path = waiting.shift())
      if (!(await execute(path, profile))) process.exitCode = 1;
  };
  await Promise.all(Array.from({ length: SIDE }, executeNext));
  await printTable();
});
