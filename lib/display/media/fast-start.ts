/**
 * Moves an MP4 file's index (`moov`) before its frames (`mdat`), so that a player can start before it has the whole
 * file (ISO/IEC 14496-12: a file is a sequence of boxes; `stco` holds the chunks' absolute 32-bit offsets).
 */
import { UserError } from "../../util/errors.ts";

export interface Mp4Box {
  type: string;
  start: number;
  end: number;
}

export const HEADER = 8;
const MAX_OFFSET = 2 ** 32 - 1;
/** The path from the index to the chunk offsets. */
export const CONTAINERS = new Set(["moov", "trak", "mdia", "minf", "stbl"]);

/** The same file with its index first; a file that has it there already is returned as it is. */
export function indexFirst(file: Buffer): Buffer {
  const boxes = [...boxesIn(file, 0, file.length)];
  const index = boxes.findIndex(({ type }) => type === "moov");
  const data = boxes.findIndex(({ type }) => type === "mdat");
  if (index < 0 || data < 0) throw new UserError("the MP4 file has no index or no frames", "encode the video again");
  if (index < data) return file;
  const moov = Buffer.from(file.subarray(boxes[index].start, boxes[index].end));
  shiftOffsets(moov, 0, moov.length, moov.length);
  const [before, after] = [boxes[data].start, boxes[index].end];
  return Buffer.concat([
    file.subarray(0, before),
    moov,
    file.subarray(before, boxes[index].start),
    file.subarray(after),
  ]);
}

/** @throws UserError where a box claims more than there is */
export function* boxesIn(bytes: Buffer, start: number, end: number): Generator<Mp4Box> {
  for (let at = start; at + HEADER <= end; ) {
    const size = bytes.readUInt32BE(at);
    if (size < HEADER || at + size > end)
      throw new UserError(`a broken MP4 box at byte ${at}`, "encode the video again");
    yield { type: bytes.toString("latin1", at + 4, at + HEADER), start: at, end: at + size };
    at += size;
  }
}

/** Adds `shift` to every chunk offset inside bytes [start, end). */
function shiftOffsets(bytes: Buffer, start: number, end: number, shift: number): void {
  for (const box of boxesIn(bytes, start, end)) {
    const body = box.start + HEADER;
    if (CONTAINERS.has(box.type)) shiftOffsets(bytes, body, box.end, shift);
    if (box.type === "stco") shiftEach(bytes, body, box.end, shift);
  }
}

/** The body of `stco`: flags, how many offsets, the offsets. */
function shiftEach(bytes: Buffer, body: number, end: number, shift: number): void {
  const first = body + 8;
  const count = first <= end ? bytes.readUInt32BE(body + 4) : Number.POSITIVE_INFINITY;
  const broken = new UserError(`a broken MP4 index at byte ${body}`, "encode the video again");
  if (first + 4 * count > end) throw broken;
  for (let at = first; at < first + 4 * count; at += 4) {
    const offset = bytes.readUInt32BE(at) + shift;
    if (offset > MAX_OFFSET) throw broken;
    bytes.writeUInt32BE(offset, at);
  }
}
