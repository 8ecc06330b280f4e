/** `npm run reproduce`: measures the shipped models again beside their record, then executes the notebooks. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { type Row, readReport } from "../evaluation/report.ts";
import { profileOf } from "../experiments/profile.ts";
import { checkRecorded, comparisonLines, measureAgain, recordedModels, type Sample } from "../experiments/reproduce.ts";
import { MAIN } from "../experiments/tables.ts";
import { runNotebook } from "../notebook/run.ts";
import { selectNotebooks } from "../notebook/select.ts";
import { openBackend } from "../runtime/backend/backend.ts";
import { ensureAll } from "../runtime/setup/all.ts";
import { CACHE } from "../runtime/setup/paths.ts";
import { pythonProgram } from "../runtime/setup/python.ts";
import { UserError } from "../util/errors.ts";
import { Progress } from "../util/progress.ts";
import { fromRoot, ROOT } from "../util/root.ts";
import { count, text, threads } from "../util/schema.ts";
import { openWorld, WORLD_NAMES, worldFault } from "../world/registry.ts";
import { runCommand } from "./command.ts";

const SECONDS_PER_CELL = 3600;

const options = z.strictObject({
  prompts: count().default(4).describe("Prompts of each kind of commands that are measured again."),
  clips: count().default(8).describe("Clips of each video: 8, 16 or 24, as recorded."),
  profile: text().default("ci").describe("How much the notebooks measure: paper, ci or smoke."),
  only: z.array(text()).default([]).describe("Starts of the notebooks' file names; all when empty."),
  threads: threads(),
});
const about = "Measures the shipped models again, video by video beside their record, and executes the notebooks.";

/** Worlds with a shipped base model. */
const shippedWorlds = (): string[] =>
  WORLD_NAMES.filter((name) => existsSync(fromRoot(join("checkpoints", name, "base", "config.json"))));

const networksOf = (world: string): string => join("checkpoints", world);

/** @returns whether all came out as recorded; a world that cannot be drawn on this machine is not compared, which is said */
async function compareWorld(name: string, rows: readonly Row[], sample: Sample): Promise<boolean> {
  const networks = networksOf(name);
  const fault = await worldFault(name);
  if (fault !== undefined) {
    console.log(`${name} is NOT compared with its record: ${fault}`);
    return true;
  }
  const world = await openWorld(name);
  const models = recordedModels(world, networks, rows).length;
  if (models === 0) throw new UserError(`no shipped model of ${name} is recorded`, `restore ${MAIN} from git`);
  const progress = new Progress(`${name}, again`, models * 2 * sample.prompts * sample.clips, 0, { unit: "clips" });
  const comparisons = await measureAgain(world, networks, rows, sample, (clips) => progress.advance(clips));
  progress.finish();
  await world.close();
  for (const line of comparisonLines(comparisons)) console.log(line);
  return comparisons.every(({ agrees }) => agrees);
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

await runCommand({ name: "reproduce", about, options }, async ({ prompts, clips, profile, only, threads: most }) => {
  profileOf(profile);
  const notebooks = selectNotebooks(join(ROOT, "notebooks"), only);
  const worlds = shippedWorlds();
  if (worlds.length === 0)
    throw new UserError("no model is shipped in checkpoints, so there is nothing to compare", "restore it from git");
  const { rows } = readReport(fromRoot(MAIN));
  for (const name of worlds) checkRecorded({ name }, networksOf(name), rows, { prompts, clips });
  await ensureAll();
  await openBackend({ threads: most });
  let failed = false;
  for (const world of worlds) failed = !(await compareWorld(world, rows, { prompts, clips })) || failed;
  for (const path of notebooks) failed = !(await execute(path, profile)) || failed;
  console.log(failed ? "not everything came out as recorded" : "everything that was compared came out as recorded");
  if (failed) process.exitCode = 1;
});
