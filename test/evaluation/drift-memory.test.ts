import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DriftEvaluated, DriftScore, MemoryScore } from "../../lib/evaluation/drift-memory.ts";
import { driftProfileOf } from "../../lib/evaluation/drift-memory-profile.ts";
import { assertDrift, readDriftTable, recordDrift } from "../../lib/evaluation/drift-memory-record.ts";
import { auditMetrics, DRIFT_MEASURES, driftPerClip, driftRow } from "../../lib/evaluation/drift-memory-table.ts";
import { routePrompts, widePrompts } from "../../lib/evaluation/memory-prompts.ts";
import { APPEARANCE_SIZE } from "../../lib/metrics/appearance.ts";
import { framesOfClips } from "../../lib/rollout/prompts/index.ts";
import { UserError } from "../../lib/util/errors.ts";

const CLIPS = 16;

/** A video that loses `loss` dB and changes its looks by as much, evenly over its clips; `right` steps are as commanded. */
function drifting(loss: number, right = 1): DriftScore {
  const steps = 4 * (4 * CLIPS - 1);
  const commanded = new Int32Array(steps).fill(9);
  const estimated = commanded.map((action, i) => (i < right * steps ? action : 0));
  const psnr = Array.from({ length: CLIPS }, (_, n) => 25 - (loss * n) / (CLIPS - 1));
  const appearance = Array.from({ length: 4 * CLIPS }, (_, t) =>
    new Float32Array(APPEARANCE_SIZE).fill((loss * t) / (4 * CLIPS) / 100),
  );
  return { commanded, estimated, psnr, ssim: psnr.map(() => 0.5), appearance };
}

function remembering(psnr: number, right = 1): MemoryScore {
  const visits = Array.from({ length: 200 }, (_, i) => ({ frame: 53 + i, psnr: psnr + i / 100, truth: psnr / 2 + i / 100 })); // biome-ignore format: short
  return { ...drifting(0, right), visits, kept: [0.5, 1] };
}

const evaluated = (losses: number[], psnr = 20, right = 1): DriftEvaluated => ({
  model: "base",
  evaluator: "evaluation",
  drift: losses.map((loss) => [drifting(loss, right)]),
  memory: losses.map((loss) => [remembering(psnr - loss, right)]),
  seeds: losses.map((_, i) => i),
  videos: { combined: [], routes: [] },
});

describe("drift and memory rows", () => {
  it("lose what was lost between the first segment and the last, and spread it over seeds", () => {
    const row = driftRow(evaluated([3, 9]), CLIPS);
    // Eight segments of two clips: from the middle of the first to that of the last.
    assert.ok(Math.abs(row.segmentPsnrLoss - (6 * 14) / 15) < 1e-9);
    assert.ok(Math.abs(row.segmentPsnrLossSd - (Math.SQRT2 * 3 * 14) / 15) < 1e-9);
    assert.deepEqual([row.frames, row.seeds, row.combinedAccuracy, row.objectsKept], [253, [0, 1], 100, 0.75]);
    assert.ok(driftRow(evaluated([0]), CLIPS).appearanceContrast === 0 && row.appearanceContrast > 0);
  });

  it("tell what is lost by looking worse from what is lost by being elsewhere", () => {
    const own = { psnr: Array.from({ length: CLIPS }, (_, n) => 30 - n / 2), astray: [...Array(CLIPS).keys()] };
    const [plain, source] = [driftRow(evaluated([3]), CLIPS), evaluated([3])];
    const row = driftRow({ ...source, drift: [source.drift[0].map((score) => ({ ...score, own }))] }, CLIPS);
    // Segments of two clips, 14 clips apart; the last two clips are 14 and 15 units astray.
    assert.deepEqual([row.ownPsnrLoss, row.astray], [7, 14.5]);
    assert.deepEqual([plain.ownPsnrLoss, plain.astray], [null, null]);
    assert.equal(row.segmentPsnrLoss, plain.segmentPsnrLoss);
  });

  it("count the visits of their horizon only", () => {
    const [short, long] = [8, 16].map((clips) => driftRow(evaluated([0]), clips).revisitPsnr as number);
    assert.ok(short < long && short > 20);
    assert.equal(driftRow(evaluated([0]), 2).revisitPsnr, null);
  });

  it("hold no memory score where the gate rejects the model", () => {
    const row = driftRow(evaluated([0], 60, 0.05), CLIPS);
    assert.deepEqual([row.accepted, row.revisitPsnr], [false, null]);
    assert.ok((row.ungatedRevisitPsnr as number) > 60);
  });

  it("a perfect video's infinite PSNR is bounded", () => {
    const perfect = { ...drifting(0), psnr: new Array<number>(CLIPS).fill(Infinity) };
    const row = driftRow({ ...evaluated([0]), drift: [[perfect]] }, CLIPS);
    assert.equal(row.segmentPsnrLoss, 0);
  });

  it("the audit finds the metrics that follow the truth", () => {
    const rows = auditMetrics([evaluated([0, 1, 2, 5])], CLIPS);
    const [appearance] = rows.filter(({ metric }) => metric === "appearance");
    assert.equal(appearance.perDepth.at(-1)?.correlation, -1);
    const [revisit] = rows.filter(({ metric }) => metric === "revisit");
    assert.equal(revisit.perDepth.at(-1)?.correlation, 1);
    assert.equal(revisit.perDepth[0].correlation, null);
  });

  it("measures per clip are means over all videos", () => {
    assert.deepEqual(driftPerClip(evaluated([0, 2]), DRIFT_MEASURES.psnr).slice(-1), [24]);
    assert.deepEqual(driftPerClip(evaluated([0]), DRIFT_MEASURES.accuracy), new Array(CLIPS).fill(100));
  });
});

describe("the recorded drift table", () => {
  const facts = {
    profile: "ci",
    checkpoints: {},
    controls: [],
    ablations: [],
    audit: [],
    wide: [],
    floor: [],
    long: [],
    remembering: [],
  };

  it("is written, read, and compared with", () => {
    const path = join(mkdtempSync(join(tmpdir(), "drift-")), "table.json");
    assert.equal(readDriftTable(path), undefined);
    const row = driftRow(evaluated([1]), CLIPS);
    recordDrift({ ...facts, rows: [row] }, path);
    const table = readDriftTable(path);
    assert.ok(table);
    assert.deepEqual(table.rows, [row]);
    assert.equal(assertDrift([row, { ...row, model: "new" }], table).length, 1);
    assert.throws(() => assertDrift([{ ...row, combinedAccuracy: 90 }], table), /base 253: 90.0 % against 100.0/);
  });
});

describe("prompts of drift and memory", () => {
  it("are the same every time, of other scenes each, and as long as asked for", () => {
    const prompts = [...routePrompts("square", 2, 8), ...widePrompts("fast", 2, 8)];
    assert.deepEqual(routePrompts("square", 2, 8), prompts.slice(0, 2));
    assert.equal(new Set(prompts.map(({ sceneSeed }) => sceneSeed)).size, 4);
    assert.ok(prompts.every(({ poses }) => poses.length === framesOfClips(8)));
  });

  it("a shorter horizon is the beginning of a longer one from 24 clips on", () => {
    const [long] = routePrompts("triangle", 1, 48);
    const [short] = routePrompts("triangle", 1, 24);
    assert.deepEqual(long.poses.slice(0, short.poses.length), short.poses);
  });

  it("profiles are known by name", () => {
    assert.deepEqual(driftProfileOf("paper").horizons, [8, 24, 48]);
    assert.deepEqual(driftProfileOf("paper").seeds, [0]);
    assert.throws(() => driftProfileOf("papre"), UserError);
  });
});
