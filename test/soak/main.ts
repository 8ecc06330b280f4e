/** `npm run soak`: many cells, hours of training and generation, many kills; records whether anything grows or is lost. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { runCommand } from "../../lib/cli/command.ts";
import { machine } from "../../lib/evaluation/report.ts";
import { openBackend } from "../../lib/runtime/backend/backend.ts";
import { ensureKernelspecs, TYPESCRIPT } from "../../lib/runtime/setup/kernelspec.ts";
import { ensurePython, pythonProgram } from "../../lib/runtime/setup/python.ts";
import { runProgram } from "../../lib/runtime/setup/run-program.ts";
import { currentCommit } from "../../lib/util/commit.ts";
import { UserError } from "../../lib/util/errors.ts";
import { writeJson } from "../../lib/util/files.ts";
import { Progress } from "../../lib/util/progress.ts";
import { fromRoot } from "../../lib/util/root.ts";
import { whole } from "../../lib/util/schema.ts";
import { type Growth, growthOf, type Sample } from "./growth.ts";
import { killOften } from "./kills.ts";
import { generateFor, trainFor } from "./training.ts";

const RESULT = "data/results/soak.json";
const SAMPLES = 40;
const DAY = 86_400;

const options = z.strictObject({
  cells: whole().default(5000).describe("Cells of one kernel."),
  minutes: z.number().min(0).default(120).describe("Of training and generation, half each."),
  kills: whole().default(200).describe("Of a small training."),
});
const about = `Runs long and kills often; records in ${RESULT} whether anything grows or is lost. 0 leaves a part out.`;

async function runCells(cells: number): Promise<Growth[]> {
  await ensurePython();
  await ensureKernelspecs();
  const args = [fromRoot("test/soak/cells.py"), TYPESCRIPT.name, String(cells), String(SAMPLES)];
  const { ok, output, reason } = await runProgram(pythonProgram("python"), args, { seconds: DAY });
  if (!ok) throw new UserError(`the cells did not run to their end: ${reason}`, "see `npm run doctor`");
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  return growthOf(lines.map((line) => JSON.parse(line) as Sample));
}

/** What a part did, in numbers, and what of it grew. */
type Done = Record<string, number | Growth[]> & { growth?: Growth[] };

async function parts(root: string, { cells, minutes, kills }: z.infer<typeof options>) {
  const seconds = 30 * minutes;
  const done: Record<string, Done> = {};
  if (cells > 0) done.cells = { cells, growth: await runCells(cells) };
  if (minutes > 0) {
    await openBackend();
    const { samples, steps } = await trainFor(root, seconds);
    done.training = { seconds, steps, growth: growthOf(samples) };
    const generation = await generateFor(seconds);
    done.generation = { seconds, clips: generation.clips, growth: growthOf(generation.samples) };
  }
  if (kills > 0) {
    const bar = new Progress("kills", kills, 0, { unit: "kills" });
    done.kills = { ...(await killOften(root, kills, () => bar.advance())) };
    bar.finish();
  }
  return done;
}

await runCommand({ name: "soak", about, options }, async (asked) => {
  const root = mkdtempSync(join(tmpdir(), "soak-"));
  try {
    const done = await parts(root, asked);
    const record = {
      commit: currentCommit(),
      created: new Date().toISOString(),
      machine: machine(),
      node: process.version,
    };
    writeJson(fromRoot(RESULT), { ...record, ...done });
    const all = Object.entries(done).flatMap(([part, { growth = [] }]) => growth.map((one) => ({ part, ...one })));
    for (const { part, what, before, after, grows } of all)
      console.log(`${grows ? "GROWS " : "steady"}  ${part}: ${what} ${before} -> ${after}`);
    if (all.some(({ grows }) => grows)) process.exitCode = 1;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
