/** `npm run curves -- --runs runs/courtyard/post-trained-0`: learning curves of runs beside those that are shipped. */

import { join } from "node:path";
import { z } from "zod";
import { plotPng } from "../display/plot/plot.ts";
import { curveOf, curvesFigure, metricsOf, runsIn, shipCurve, shippedCurves } from "../experiments/curves.ts";
import { logToTrackio } from "../experiments/trackio.ts";
import { CONFIG } from "../training/run/state.ts";
import { writeAtomic } from "../util/files.ts";
import { text } from "../util/schema.ts";
import { readRecord } from "../util/strict-json.ts";
import { runCommand } from "./command.ts";

const options = z.strictObject({
  runs: z.array(text()).default([]).describe("Folders of runs, or folders of such folders."),
  metric: text().optional().describe("Only metrics with this in their names."),
  out: text().default("curves.png").describe("Where the picture is written."),
  ship: z.boolean().default(false).describe("Keep the runs' curves in data/results/curves."),
  trackio: z.boolean().default(false).describe("Log the runs to trackio, a local tracker like Weights & Biases."),
  project: text().default("worldcompass").describe("Of --trackio: its project."),
});
const about = "Draws the learning curves of runs beside those that are shipped.";

await runCommand({ name: "curves", about, options }, async ({ runs, metric, out, ship, trackio, project }) => {
  const dirs = runsIn(runs);
  const own = dirs.map(curveOf);
  const curves = [...shippedCurves(), ...own];
  const metrics = metricsOf(curves, metric);
  writeAtomic(out, plotPng(curvesFigure(curves, metrics)));
  console.log(`${out}: ${metrics.length} metrics of ${curves.length} runs`);
  if (ship) for (const curve of own) console.log(`${shipCurve(curve)}: written`);
  if (!trackio) return;
  const config = (dir: string) => readRecord(join(dir, CONFIG), "restore it");
  console.log(
    await logToTrackio(
      project,
      own.map((curve, i) => ({ ...curve, config: config(dirs[i]) })),
    ),
  );
  console.log(`trackio show --project ${project}, with .cache/trackio/bin on the path, draws them`);
});
