/** The plots whose pictures are committed: each a function of nothing, so that they can also be looked at one by one. */

import type { Chart, Figure } from "../../lib/display/plot/chart.ts";
import { barChart } from "../../lib/display/plot/charts/bar-chart.ts";
import { heatmapChart } from "../../lib/display/plot/charts/heatmap-chart.ts";
import { histogramChart } from "../../lib/display/plot/charts/histogram-chart.ts";
import { lineChart } from "../../lib/display/plot/charts/line-chart.ts";
import { panels } from "../../lib/display/plot/charts/panels.ts";
import { scatterChart } from "../../lib/display/plot/charts/scatter-chart.ts";

const steps = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const wave = (i: number, phase = 0): number => Math.sin(i * 1.7 + phase) + Math.sin(i * 0.6 + 2 * phase);

export function linesWithBands(): Chart {
  const x = steps(24).map((i) => i + 1);
  return lineChart({
    title: "Accuracy by depth",
    x: { title: "clip" },
    y: { title: "exact accuracy", unit: "%", range: [0, 100] },
    series: [
      { name: "basic", x, y: x.map((i) => 62 - i + 2 * wave(i)), spread: x.map((i) => 4 + i / 10) },
      { name: "combined", x, y: x.map((i) => (i === 12 ? null : 25 - i / 2 + wave(i, 1))), spread: x.map(() => 3) },
      { name: "true render", x, y: x.map((i) => 97 + wave(i, 2) / 4), dash: "dash", points: false },
    ],
    references: [
      { y: 1.2, label: "chance" },
      { x: 16.5, label: "training window" },
    ],
  });
}

export function barsWithErrors(): Chart {
  return barChart({
    title: "Accuracy by horizon",
    y: { title: "exact accuracy", unit: "%" },
    categories: ["125 frames", "253 frames", "381 frames"],
    series: [
      { name: "basic", values: [58, 55, 51.2], spread: [3, 4, 5] },
      { name: "combined", values: [22.1, 19.8, null], spread: [2, 2.1, null] },
      { name: "change", values: [-4, 3, 8], spread: [2, 2, 2] },
    ],
  });
}

export function longCategories(): Chart {
  const categories = ["stand still", "walk forward", "walk backward", "strafe left", "turn right", "look up and left"];
  const names = [...categories, ...categories.map((name) => `${name} again`)];
  return barChart({ categories: names, series: [{ name: "base", values: names.map((_, i) => 40 + 20 * wave(i)) }] });
}

export function points(): Chart {
  const group = (name: string, shift: number) => ({
    name,
    x: steps(40).map((i) => 20 + shift + wave(i, shift)),
    y: steps(40).map((i) => 30 * shift + 10 * wave(i, 3 * shift)),
  });
  const x = { title: "PSNR", unit: "dB" };
  return scatterChart({ title: "Quality against accuracy", x, series: [group("basic", 1), group("combined", 0.2)] });
}

export function distributions(): Chart {
  const sample = (shift: number) => steps(300).map((i) => shift + wave(i, shift) / 10);
  const samples = [
    { name: "hard", values: sample(0.5) },
    { name: "soft", values: sample(0.7) },
  ];
  return histogramChart({ title: "Rewards within a group", x: { title: "reward" }, samples });
}

export function matrix(): Chart {
  const yCategories = ["none", "W", "S", "A", "D"];
  const xCategories = ["none", "left", "right", "up"];
  const values = yCategories.map((_, row) =>
    xCategories.map((_, column) => (row === column ? null : 13 * (row + column))),
  );
  const axes = { x: { title: "rotation" }, y: { title: "translation" } };
  return heatmapChart({
    title: "Per action",
    ...axes,
    values,
    xCategories,
    yCategories,
    quantity: "accuracy (%)",
    decimals: 0,
  });
}

export function logarithms(): Chart {
  const x = steps(60).map((i) => 10 * 1.12 ** i);
  const series = [{ name: "loss", x, y: x.map((v, i) => 3 / Math.sqrt(v) + 0.001 * (wave(i) + 3)) }];
  const references = [
    { y: 0.2, label: "target" },
    { x: 1000, label: "warm" },
  ];
  return lineChart({ x: { title: "steps", type: "log" }, y: { title: "loss", type: "log" }, series, references });
}

export function severalPanels(): Figure {
  return panels([linesWithBands(), barsWithErrors(), points(), logarithms()], { columns: 2, title: "Four panels" });
}

/** What cannot be drawn is a gap, in every kind of mark. */
export function gapsEverywhere(): Figure {
  const x = steps(12);
  const holes = [Number.NaN, Infinity, -Infinity, null];
  const y = x.map((i) => (i % 3 === 1 ? holes[(i - 1) / 3] : 5 + wave(i)));
  const spread = x.map((i) => (i === 6 ? Number.NaN : 1));
  const categories = x.map(String);
  return panels(
    [
      lineChart({ title: "line", series: [{ name: "line", x, y, spread, points: false }] }),
      scatterChart({ title: "points", series: [{ name: "points", x: [...x.slice(1), Infinity], y, spread }] }),
      barChart({ title: "bars", categories, series: [{ name: "bars", values: y, spread }] }),
      histogramChart({ title: "histogram", bins: 6, samples: [{ name: "histogram", values: y }] }),
    ],
    { columns: 2 },
  );
}

/** A million points with a gap and one outlier, which must be seen. */
export function aMillionPoints(): Chart {
  const x = steps(1_000_000);
  const y = x.map((i) =>
    i > 4e5 && i < 5e5 ? null : i === 777_777 ? 9 : Math.sin(i / 1e5) + ((i * 7919) % 1000) / 2000,
  );
  return lineChart({ x: { title: "step" }, series: [{ name: "loss", x, y }] });
}
