/** A report of anybody's videos as text and as a page with the videos. */
import { join } from "node:path";
import { JUPYTER_DISPLAY } from "../../display/bundle.ts";
import { encodeMp4 } from "../../display/media/ffmpeg.ts";
import { overlayKeys } from "../../display/media/key-overlay.ts";
import { sideBySide } from "../../display/media/side-by-side.ts";
import { escapeMarkup } from "../../display/media/svg.ts";
import { upscaleVideo } from "../../display/media/video.ts";
import { plusMinus, table } from "../../display/table.ts";
import { writeAtomic, writeJson } from "../../util/files.ts";
import { motionOf } from "../../world/actions.ts";
import { HEIGHT, WIDTH } from "../../world/config.ts";
import type { AnyReport } from "./evaluate.ts";
import { RATE } from "./load.ts";
import type { EvaluatedVideo } from "./metrics.ts";

const tableOf = ({ rows }: AnyReport) =>
  table(
    rows.map(({ topic, metric, mean, error, unit, videos, needs }) => ({
      topic,
      metric,
      value: `${plusMinus(mean, error, unit === "" ? 3 : 1)} ${unit}`.trim(),
      videos,
      needs,
    })),
  );

const lists = ({
  missing,
  unmeasured,
  evaluators,
  notes,
}: AnyReport): [heading: string, lines: readonly string[]][] => [
  ["Missing videos", missing],
  ["What was done to the videos", notes],
  ["Not measured", unmeasured],
  ["Evaluators", evaluators.map(({ name, trainedOn, sha256 }) => `${name} (${sha256.slice(0, 12)}): ${trainedOn}`)],
];

const HEAD = "mean ± standard error over videos";

/** The report as lines of text. */
export async function reportText(report: AnyReport): Promise<string> {
  const { "text/plain": rows } = await tableOf(report)[JUPYTER_DISPLAY]();
  const more = lists(report)
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [`${heading}:`, ...lines.map((line) => `  ${line}`)].join("\n"));
  return [`${report.name}, ${report.videos.length} videos (${HEAD})`, rows, ...more].join("\n\n");
}

/** Videos on the page, and how much they are enlarged. */
const SHOWN = 24;
const SCALE = 3;

/** Writes report.json, index.html and the videos with the keys that were commanded into a folder. */
export async function writeReport(dir: string, report: AnyReport, videos: readonly EvaluatedVideo[]): Promise<void> {
  const figures: string[] = [];
  for (const [i, video] of videos.slice(0, SHOWN).entries()) {
    const file = `video-${String(i).padStart(3, "0")}.mp4`;
    writeAtomic(join(dir, file), await shownVideo(video));
    figures.push(figureOf(file, report, i));
  }
  writeJson(join(dir, "report.json"), report);
  writeAtomic(join(dir, "index.html"), await pageOf(report, figures));
}

/** The video with its commands drawn in, beside the truth where there is one. */
async function shownVideo({ video, truth, actions }: EvaluatedVideo): Promise<Buffer> {
  const latents = Math.ceil(video.length / (3 * WIDTH * HEIGHT) / 4 + 0.5);
  const keys = Array.from(actions.subarray(0, latents), motionOf);
  const large = (frames: Uint8Array) => upscaleVideo({ frames, width: WIDTH, height: HEIGHT, fps: RATE }, SCALE);
  const made = overlayKeys(large(video), keys);
  const shown = truth ? sideBySide([large(truth), made], { labels: ["truth", "video"] }) : made;
  return encodeMp4(shown.frames, shown);
}

function figureOf(file: string, { videos, rows }: AnyReport, i: number): string {
  const { name, commands, frames } = videos[i];
  const values = rows
    .filter(({ values: own }) => Object.hasOwn(own, name))
    .map(({ metric, values: own, unit }) => `${metric} ${own[name].toFixed(unit === "" ? 3 : 1)} ${unit}`.trim());
  return `<figure><video src="${file}" controls loop muted playsinline></video><figcaption><b>${escapeMarkup(name)}</b>, ${frames} frames<br>${escapeMarkup(commands)}<br><small>${escapeMarkup(values.join("; "))}</small></figcaption></figure>`;
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1f2933}
table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #d9dfe6}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(20rem,1fr));gap:1rem}
figure{margin:0}video{width:100%;image-rendering:pixelated}small{color:#66717f}`;

async function pageOf(report: AnyReport, figures: readonly string[]): Promise<string> {
  const { "text/html": rows } = await tableOf(report)[JUPYTER_DISPLAY]();
  const sections = lists(report)
    .filter(([, lines]) => lines.length > 0)
    .map(
      ([heading, lines]) =>
        `<h2>${heading}</h2><ul>${lines.map((line) => `<li>${escapeMarkup(line)}</li>`).join("")}</ul>`,
    );
  const title = escapeMarkup(report.name);
  const left = report.videos.length - figures.length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head><body>
<h1>${title}</h1><p>${report.videos.length} videos; ${HEAD}. ${escapeMarkup(report.machine)}, ${report.created}.</p>
${rows}
${sections.join("\n")}
<h2>Videos</h2>${left > 0 ? `<p>The first ${figures.length}; the numbers of all are in <a href="report.json">report.json</a>.</p>` : ""}
<main>${figures.join("\n")}</main>
</body></html>
`;
}
