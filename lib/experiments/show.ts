/** Recorded experiments for notebooks. What has not been recorded yet is one line of text. */
import { existsSync, readFileSync } from "node:fs";
import {
  type Displayable,
  displayable,
  type LineSeries,
  lineChart,
  markdown,
  panels,
  plot,
  plusMinus,
  table,
} from "../display/index.ts";
import type { Curve } from "../training/posttraining/curve.ts";
import { type RunRecord, readRunRecords } from "../training/posttraining/record.ts";
import { fromRoot } from "../util/root.ts";
import { ARMS, type Group } from "./arms.ts";
import type { Efficiency } from "./efficiency.ts";
import { picturePath } from "./pictures.ts";
import { EFFICIENCY, readRecorded } from "./record.ts";
import { type ArmSummary, curveSeries, rowsOfGroup, summariseArms } from "./summary.ts";

const notYet = (what: string, command: string): Displayable =>
  markdown(`*No ${what} recorded yet; \`${command}\` makes it.*`);

const ofGroup = (group: Group): string => `npm run experiments -- --only ${group}`;

const spreads =
  (name: "basic" | "combined" | "psnr" | "visual" | "minutes", decimals = 1) =>
  (_: unknown, row: object) =>
    plusMinus((row as ArmSummary)[name], (row as ArmSummary)[`${name}Sd`], decimals);

/** The arms of a group, mean and spread over seeds. */
export function armTable(group: Group, caption?: string): Displayable {
  const arms = summariseArms(rowsOfGroup(group));
  if (arms.length === 0) return notYet(`rows of the group "${group}"`, ofGroup(group));
  return table(arms, {
    columns: [
      "arm",
      "seeds",
      "iterations",
      "basic",
      "combined",
      "translation",
      "rotation",
      "psnr",
      "ssim",
      "visual",
      "minutes",
    ],
    headings: {
      basic: "basic %",
      combined: "combined %",
      translation: "translation %",
      rotation: "rotation %",
      psnr: "PSNR dB",
      ssim: "SSIM",
    },
    formats: {
      ...{
        basic: spreads("basic"),
        combined: spreads("combined"),
        psnr: spreads("psnr"),
        visual: spreads("visual", 2),
      },
      ...{ minutes: spreads("minutes"), translation: 1, rotation: 1, ssim: 3 },
    },
    caption,
  });
}

const AXIS: Record<Exclude<keyof Curve, "probes">, { title: string; unit?: string }> = {
  iteration: { title: "iteration" },
  clipGenerations: { title: "clips generated" },
  seconds: { title: "training time", unit: "s" },
};

/** Learning curves of a group's arms: exact accuracy of the probe, and its visual score where there is one. */
export function armCurves(group: Group, against: keyof typeof AXIS = "iteration"): Displayable {
  const rows = rowsOfGroup(group);
  const charts = ["interaction-exact", "visual"].flatMap((probe) => {
    const series = curveSeries(rows, probe, against);
    return series.length === 0
      ? []
      : [lineChart({ title: `probe: ${probe}`, x: AXIS[against], y: { title: probe }, series })];
  });
  if (charts.length === 0) return notYet(`learning curves of the group "${group}"`, ofGroup(group));
  return plot(panels(charts, { columns: charts.length, title: `${group}: learning curves` }));
}

/** Contact sheets of a group's arms, in order; those that exist. */
export function armPictures(group: Group): Displayable[] {
  const arms = ARMS.filter((arm) => arm.group === group).filter(({ name }) =>
    existsSync(fromRoot(picturePath(group, name))),
  );
  if (arms.length === 0) return [notYet(`pictures of the group "${group}"`, ofGroup(group))];
  return arms.flatMap(({ name }) => [markdown(`**${name}**`), pictureOf(picturePath(group, name), name)]);
}

const pictureOf = (path: string, name: string): Displayable =>
  displayable(() => ({
    "image/png": readFileSync(fromRoot(path)).toString("base64"),
    "text/plain": `picture of ${name}`,
  }));

/** What clip rollouts, selection and subsets save. */
export function efficiencyTable(): Displayable {
  const efficiency = readRecorded<Efficiency>(EFFICIENCY);
  if (!efficiency) return notYet("efficiency", ofGroup("efficiency"));
  const { parts, clipGenerationsRatio, wallTimeRatioToEqualAccuracy } = efficiency;
  const rows = parts.map(({ accuracy: [first, best], ...part }) => ({ ...part, first: 100 * first, best: 100 * best }));
  return table(rows, {
    headings: {
      clipGenerationsPerIteration: "clips / iteration",
      secondsPerIteration: "s / iteration",
      first: "probe % before",
      best: "probe % best",
    },
    formats: { clipGenerationsPerIteration: 1, secondsPerIteration: 1, first: 1, best: 1 },
    caption: `Sequence over clip rollouts to equal accuracy: clips generated ${plusMinus(clipGenerationsRatio, null)}, wall time ${plusMinus(wallTimeRatioToEqualAccuracy, null)}`,
  });
}

/** A metric of every run against its iterations, where it was measured. */
function runSeries(runs: readonly RunRecord[], metric: string): LineSeries[] {
  return runs.flatMap(({ seed, metrics }) => {
    const values = metrics[metric];
    if (!values) return [];
    const known = values.flatMap((value, i) => (value === null ? [] : [{ x: metrics.step[i] as number, y: value }]));
    return [{ name: `seed ${seed}`, x: known.map(({ x }) => x), y: known.map(({ y }) => y), points: false }];
  });
}

const RUN_METRICS = ["probe/interaction-exact", "probe/visual", "charts/latentSpread", "losses/objective"];

/** The full learning curves of the recorded post-trainings. */
export function trainingCurves(metrics: readonly string[] = RUN_METRICS): Displayable {
  const { runs } = readRunRecords();
  const charts = metrics.flatMap((metric) => {
    const series = runSeries(runs, metric);
    return series.length === 0 ? [] : [lineChart({ title: metric, x: { title: "iteration" }, series })];
  });
  if (charts.length === 0) return notYet("run of post-training", ofGroup("main"));
  return plot(panels(charts, { columns: 2, title: "Post-training", height: 620 }));
}
