import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeVideo, resampleVideo } from "../../../lib/display/media/decode.ts";
import { encodeMp4 } from "../../../lib/display/media/ffmpeg.ts";
import { upscaleVideo } from "../../../lib/display/media/video.ts";
import { readCommands } from "../../../lib/evaluation/anybody/commands.ts";
import { evaluateAnybody } from "../../../lib/evaluation/anybody/evaluate.ts";
import type { Evaluators } from "../../../lib/evaluation/anybody/evaluators.ts";
import { loadVideos } from "../../../lib/evaluation/anybody/load.ts";
import { measureVideosIn } from "../../../lib/evaluation/anybody/run.ts";
import { reportText, writeReport } from "../../../lib/evaluation/anybody/show.ts";
import type { ActionEstimator } from "../../../lib/rewards/actions/reading.ts";
import { courtyard } from "../../../lib/world/courtyard/courtyard.ts";
import { trajectoryOf } from "../../../lib/world/motion.ts";
import { actionsOf, parsePoseString } from "../../../lib/world/pose-string.ts";

const [WIDTH, HEIGHT] = [80, 48];
const FRAME = 3 * WIDTH * HEIGHT;

/** Reads forward (9) from everything. */
const forward: ActionEstimator = {
  name: "forward",
  sha256: "f".repeat(64),
  read: (clips) =>
    clips.map((clip) => ({
      labels: new Int32Array(clip.length / FRAME - 1).fill(9),
      translation: new Float32Array(),
      rotation: new Float32Array(),
    })),
};
const evaluators: Evaluators = {
  estimators: [forward],
  about: [{ name: "forward", sha256: forward.sha256, trainedOn: "nothing" }],
  lacking: [],
};

describe("anybody's videos", () => {
  let dir: string;
  let real: Record<string, Uint8Array>;
  const inDir = (...parts: string[]): string => join(dir, ...parts);

  /** True pictures of commands, as somebody's file of that size and rate. */
  async function film(file: string, commands: string, { scale = 1, every = 1, fps = 24, odd = 0 } = {}): Promise<void> {
    const level = courtyard.level(3);
    const actions = actionsOf(parsePoseString(commands));
    const poses = trajectoryOf({ x: 0, z: 0, yaw: 0, pitch: 0 }, actions, courtyard.step);
    const shown = [...poses, ...poses.slice(0, odd)].filter((_, i) => i % every === 0);
    const video = { frames: await level.render(shown), width: WIDTH, height: HEIGHT, fps };
    real[file] = video.frames;
    const large = upscaleVideo(video, scale);
    writeFileSync(inDir("videos", file), await encodeMp4(large.frames, { ...large, quality: 4 }));
  }

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "anybody-"));
    mkdirSync(inDir("videos"));
    real = {};
    await film("plain.mp4", "w-4");
    await film("large & half.mp4", "w-2, right-2, left-2, s-2", { scale: 4, every: 2, fps: 12 });
    await film("odd.mp4", "right-2", { odd: 3 });
    await film("spare.mp4", "w-1");
    writeFileSync(
      inDir("actions.txt"),
      "# ours\nplain: w-4\nlarge & half.mp4 : w-2, right-2, left-2, s-2\n\nodd.mp4: right-2 # twelve frames\ngone.mp4: w-3\n",
    );
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it("are read at any size and rate, and what was done to them is told once", async () => {
    const commands = readCommands(inDir("actions.txt"));
    const { videos, missing, notes } = await loadVideos({ videos: inDir("videos"), commands });
    assert.deepEqual(missing, ["gone.mp4"]);
    assert.deepEqual(
      videos.map(({ name, video }) => [name, video.length / FRAME]),
      [
        ["plain", 17],
        ["large & half.mp4", 33],
        ["odd.mp4", 9],
      ],
    );
    const said = notes.join("\n");
    assert.match(said, /large & half\.mp4: 320x192 pixels, brought to 80x48$/m);
    assert.match(said, /large & half\.mp4: 12 frames a second, resampled to 24/);
    assert.match(said, /odd\.mp4 \(12, 9\): longer than its commands/);
    assert.match(said, /spare\.mp4: without commands/);
    // H.264 loses a little; a frame that is out of its place would lose far more.
    const apart = (a: Uint8Array, b: Uint8Array): number =>
      a.reduce((sum, x, i) => sum + Math.abs(x - b[i]), 0) / a.length;
    const half = real["large & half.mp4"];
    for (const f of [0, 8, 32])
      assert.ok(apart(videos[1].video.subarray(f * FRAME, (f + 1) * FRAME), half.subarray((f / 2) * FRAME)) < 4);
  });

  it("are measured with uncertainty, a control, and what could not be measured", async () => {
    const commands = readCommands(inDir("actions.txt"));
    const loaded = await loadVideos({ videos: inDir("videos"), commands });
    const report = await evaluateAnybody(loaded.videos, { name: "theirs", evaluators, ...loaded });
    const row = (metric: string) => report.rows.find((own) => own.metric === metric);
    assert.deepEqual(row("exact (forward)")?.values, { plain: 100, "large & half.mp4": 25, "odd.mp4": 0 });
    assert.ok(Math.abs((row("exact (forward)")?.mean ?? 0) - 125 / 3) < 1e-9);
    // plain is 4 latents of forward; of commands that are not its own, the next long enough begin with two of them.
    assert.deepEqual(row("exact, of another video's commands")?.values.plain, 50);
    const memory = row("PSNR at revisits");
    assert.ok(memory && memory.videos === 1 && memory.error === null && memory.mean > 30, JSON.stringify(memory));
    assert.ok(report.unmeasured.some((line) => /PSNR: it needs the true videos/.test(line)));
    await writeReport(inDir("page"), report, loaded.videos);
    const page = readFileSync(inDir("page", "index.html"), "utf8");
    assert.match(page, /<b>large &amp; half\.mp4<\/b>/);
    assert.doesNotMatch(page, /large & half/);
    assert.equal((await decodeVideo(inDir("page", "video-000.mp4"))).width, 240);
    assert.deepEqual(JSON.parse(readFileSync(inDir("page", "report.json"), "utf8")), report);
    const text = await reportText(report);
    assert.match(text, /exact \(forward\) +41\.7 ± 30\.0 %/);
    assert.match(text, /Missing videos:\n {2}gone\.mp4/);
    assert.match(text, /forward \(ffffffffffff\): nothing/);
  });

  it("are compared with the truth where it is given; without evaluators the rest is still measured", async () => {
    writeFileSync(inDir("some.json"), JSON.stringify({ "plain.mp4": [9, 9, 9, 9], "odd.mp4": "right-2" }));
    const { report } = await measureVideosIn({
      ...{ videos: inDir("videos"), actions: inDir("some.json"), truth: inDir("videos"), rate: 24 },
      ...{ networks: inDir("nothing"), out: inDir("with-truth"), rewards: [] },
    });
    const psnr = report.rows.find(({ metric }) => metric === "PSNR");
    assert.deepEqual(psnr?.values, { "plain.mp4": 60, "odd.mp4": 60 });
    assert.match(report.unmeasured.join("\n"), /action following: no action estimator in .*; npm run train/);
    assert.ok(existsSync(inDir("with-truth", "index.html")));
  });

  it("are measured by no reward that is called like a metric, since one would stand for the other", async () => {
    for (const name of ["PSNR", "exact, of another video's commands"]) {
      const rewards = [{ name, score: () => [1] }];
      await assert.rejects(evaluateAnybody([], { name: "theirs", evaluators, rewards }), /two metrics are called/);
    }
  });

  it("that cannot be measured are one line with the mend", async () => {
    const load =
      (text: string, videos = inDir("videos")) =>
      async () => {
        writeFileSync(inDir("wrong.txt"), text);
        return loadVideos({ videos, commands: readCommands(inDir("wrong.txt")) });
      };
    writeFileSync(inDir("videos", "broken.mp4"), "no video");
    writeFileSync(inDir("videos", "cut.mp4"), readFileSync(inDir("videos", "plain.mp4")).subarray(0, 900));
    const cases: [() => Promise<unknown>, RegExp][] = [
      [load("plain w-4\n"), /wrong\.txt, line 1: no "name: pose string"/],
      [load("plain: q-4\n"), /wrong\.txt, line 1 \(plain\): Pose string: unknown key "q"/],
      [load("plain: w-4\nplain: w-4\n"), /names plain twice/],
      [load("# nothing\n"), /names no video/],
      [load("broken: w-4\n"), /broken\.mp4 cannot be read as a video/],
      [load("cut: w-4\n"), /cut\.mp4 cannot be read as a video/],
      [
        load("gone: w-4\n"),
        /none of the 1 commanded videos is in .*\n.*there: broken\.mp4, cut\.mp4, large & half\.mp4/,
      ],
      [load("plain: w-4\n", inDir("nowhere")), /there is no folder .*nowhere/],
      [async () => readCommands(inDir("missing.txt")), /there is no file of commands/],
    ];
    for (const [attempt, message] of cases) await assert.rejects(attempt, message);
    writeFileSync(inDir("wrong.json"), '{"plain": [81]}');
    assert.throws(() => readCommands(inDir("wrong.json")), /\(plain\): neither a pose string nor a list of actions/);
  });
});

describe("resampling", () => {
  it("keeps first frame and duration, and takes the nearest frame", () => {
    const frames = Uint8Array.from({ length: 33 }, (_, i) => Math.floor(i / 3));
    const video = { frames, width: 1, height: 1, fps: 30 };
    const shown = (fps: number): number[] => [...resampleVideo(video, fps).frames].filter((_, i) => i % 3 === 0);
    assert.deepEqual(shown(30), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.deepEqual(shown(15), [0, 2, 4, 6, 8, 10]);
    assert.deepEqual(shown(24), [0, 1, 3, 4, 5, 6, 8, 9, 10]);
    assert.equal(shown(60).length, 21);
  });
});
