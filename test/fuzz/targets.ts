/** Everything that reads bytes from elsewhere: how sound input looks, and what refuses it. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type fc from "fast-check";
import { z } from "zod";
import { readArguments } from "../../lib/cli/command.ts";
import { indexFirst } from "../../lib/display/media/fast-start.ts";
import { decodePng, encodePng } from "../../lib/display/media/png.ts";
import { readReport } from "../../lib/evaluation/report.ts";
import { decode, encode, WireError } from "../../lib/kernel/wire/frames.ts";
import { parseDitConfig } from "../../lib/model/dit/schema.ts";
import { readConfig } from "../../lib/model/nn/published.ts";
import { parseNotebook } from "../../lib/notebook/notebook.ts";
import { readMetrics } from "../../lib/training/run/log.ts";
import { UserError } from "../../lib/util/errors.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/util/safetensors.ts";
import { count, positive, share, text } from "../../lib/util/schema.ts";
import { parseJson } from "../../lib/util/strict-json.ts";
import { Blocks, blockSchema, packMessage, unpackMessage } from "../../lib/util/wire/message.ts";
import { FORMAT, findManifest } from "../../lib/world/dataset/manifest.ts";
import { decodeColumns, encodeColumns } from "../../lib/world/dataset/parquet.ts";
import { parsePoseString } from "../../lib/world/pose-string.ts";
import { damaged, damagedJson } from "./mutate.ts";

export interface Target {
  readonly parser: string;
  readonly input: fc.Arbitrary<Buffer>;
  readonly read: (bytes: Buffer) => unknown;
  /** The error by which it refuses. */
  readonly refuses: new (
    ...args: never[]
  ) => Error;
}

/** In memory where the system has such a place: a hundred thousand files are written here. */
const MEMORY = "/dev/shm";
const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Reads bytes as a file of this name in a folder of its own. */
const asFile =
  (name: string, read: (path: string, dir: string) => unknown) =>
  (bytes: Buffer): unknown => {
    writeFileSync(join(folder, name), bytes);
    return read(join(folder, name), folder);
  };

const json = (bytes: Buffer): unknown => parseJson(bytes.toString(), "the config", "restore it");

const TENSORS = {
  a: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  "block.0.w": { shape: [], data: Float32Array.of(7) },
  empty: { shape: [0, 4], data: new Float32Array(0) },
};

const DIT = {
  ...{ latent: { rows: 6, columns: 10, channels: 16 }, camera: { width: 80, height: 48, focal: 1.2, pitch: "turns" } },
  ...{
    step: { translation: 0.25, yaw: 0.1, pitch: 0.1 },
    width: 192,
    depth: 6,
    expansion: 4,
    cellWidth: 96,
    cellDepth: 4,
  },
};

const CELL = {
  cell_type: "code",
  id: "a",
  execution_count: null,
  metadata: { tags: ["parameters"] },
  outputs: [],
  source: "let n = 1;",
};
const NOTEBOOK = {
  ...{ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: "x" } } },
  cells: [CELL, { cell_type: "markdown", metadata: { timeout: 60 }, source: ["# a\n", "b"] }],
};

const MESSAGE = {
  identities: [Buffer.from("peer")],
  header: { msg_id: "1", session: "s", username: "u", date: "2026-01-01", msg_type: "execute_request", version: "5.4" },
  ...{ parent: {}, metadata: {}, content: { code: "1 + 1" }, buffers: [] },
};
/** Frames in one piece, so that damage may fall anywhere, between them too. */
const BETWEEN = "\x01\x02";
const joined = (frames: Buffer[]): Buffer =>
  Buffer.from(frames.map((frame) => frame.toString("latin1")).join(BETWEEN), "latin1");
const frames = (bytes: Buffer): Buffer[] =>
  bytes
    .toString("latin1")
    .split(BETWEEN)
    .map((frame) => Buffer.from(frame, "latin1"));

const blocks = new Blocks();
const request = z.strictObject({ protocol: z.literal(1), frames: blockSchema });
const PROGRAM = packMessage(
  { protocol: 1, frames: blocks.addFrames(new Uint8Array(24), { width: 4, height: 2 }) },
  blocks,
);

const box = (type: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};
const offsets = box("stco", Buffer.from([0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 16, 0, 0, 0, 20]));
const MP4 = Buffer.concat([
  box("ftyp", Buffer.from("isom")),
  box("mdat", Buffer.alloc(8)),
  box("moov", box("trak", box("mdia", box("minf", box("stbl", offsets))))),
]);

const ROW = {
  ...{ world: "w", model: "m", trainingSeed: 0, samplingSeed: 0, actions: "basic", frames: 9, metric: "psnr" },
  ...{ unit: "dB", values: [1, 2.5] },
};
const REPORT = { commit: "abc", created: "2026-01-01T00:00:00.000Z", machine: "one", rows: [ROW] };

const MANIFEST = {
  description: {
    ...{
      format: FORMAT,
      split: "train",
      seed: 1,
      trajectories: 2,
      latents: 3,
      trajectoriesPerShard: 2,
      recipe: { commands: ["w"] },
    },
    world: {
      name: "w",
      camera: { width: 4, height: 4, focal: 1, pitch: "turns" },
      step: { translation: 1, yaw: 1, pitch: 1 },
    },
  },
  shards: [
    {
      shard: 0,
      levelSeeds: [1, 2],
      frameBytes: [3, 4],
      files: { "shard-0000.frames.br": { bytes: 7, sha256: "0".repeat(64) } },
    },
  ],
};

const COMMAND = {
  ...{ name: "any", about: "Any." },
  options: z.strictObject({
    ...{
      steps: count().default(5),
      lr: positive().default(1e-3),
      name: text().default("x"),
      quiet: z.boolean().default(false),
    },
    nested: z.strictObject({ share: share().default(0.5), list: z.array(z.number()).default([1]) }).prefault({}),
  }),
};

const lines = (...texts: string[]): Buffer[] => texts.map((line) => Buffer.from(line));

export const TARGETS: readonly Target[] = [
  {
    parser: "safetensors",
    input: damaged([encodeSafetensors(TENSORS, { step: "3" }), encodeSafetensors(TENSORS, {}, "F16")]),
    read: (bytes) => decodeSafetensors(bytes, "the file"),
    refuses: UserError,
  },
  {
    parser: "network config",
    input: damagedJson([DIT]),
    read: (bytes) => parseDitConfig("a", json(bytes)),
    refuses: UserError,
  },
  {
    parser: "published network's config.json",
    input: damagedJson([{ network: "depth", model: DIT, sha256: "0".repeat(64) }]),
    read: asFile("config.json", (_, dir) => readConfig(dir)),
    refuses: UserError,
  },
  {
    parser: "notebook",
    input: damagedJson([NOTEBOOK]),
    read: (bytes) => parseNotebook(bytes.toString(), "a.ipynb"),
    refuses: UserError,
  },
  {
    parser: "PNG",
    input: damaged([
      Buffer.from(encodePng({ pixels: Uint8Array.from({ length: 36 }, (_, i) => 7 * i), width: 4, height: 3 })),
    ]),
    read: decodePng,
    refuses: UserError,
  },
  { parser: "MP4 boxes", input: damaged([MP4]), read: indexFirst, refuses: UserError },
  {
    parser: "pose string",
    input: damaged(lines("w-3, right-2, dw-4", "none-1,w+right-2", "upleft-10")),
    read: (bytes) => parsePoseString(bytes.toString()),
    refuses: UserError,
  },
  {
    parser: "Jupyter wire message",
    input: damaged([joined(encode(MESSAGE, "")), joined(encode({ ...MESSAGE, parent: MESSAGE.header }, ""))]),
    read: (bytes) => decode(frames(bytes), ""),
    refuses: WireError,
  },
  {
    parser: "message between programs",
    input: damaged([PROGRAM]),
    read: (bytes) => {
      const { header, bytesOf } = unpackMessage(bytes, request);
      return bytesOf(header.frames);
    },
    refuses: UserError,
  },
  {
    parser: "Parquet columns",
    input: damaged([Buffer.from(encodeColumns({ latent: Int32Array.of(0, 1, 2), x: Float64Array.of(0.5, -1, 3) }))]),
    read: (bytes) => decodeColumns(bytes),
    refuses: UserError,
  },
  {
    parser: "metrics.jsonl",
    input: damaged(lines('{"step":1,"loss":2.5}\n{"step":2,"loss":null}\n', '{"step":1,"loss":1,"psnr":20}\n')),
    read: asFile("metrics.jsonl", (_, dir) => readMetrics(dir)),
    refuses: UserError,
  },
  { parser: "report", input: damagedJson([REPORT]), read: asFile("report.json", readReport), refuses: UserError },
  {
    parser: "data set's manifest",
    input: damagedJson([MANIFEST]),
    read: asFile("manifest.json", (_, dir) => findManifest(dir)),
    refuses: UserError,
  },
  {
    parser: "command line",
    input: damaged(lines("--steps 3 --lr=0.1 --quiet", "--nested.share 0.2 --nested.list 1,2", "--name a --steps=7")),
    read: (bytes) => readArguments(COMMAND, bytes.toString().split(" ")),
    refuses: UserError,
  },
];
