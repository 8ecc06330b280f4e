/**
 * Frame rates between whole numbers, for an encoder that knows whole ones only: what counts as a second is changed instead
 * (ISO/IEC 14496-12: `mvhd` and `mdhd` hold the units of a second, all times are counted in them).
 */
import { boxesIn, CONTAINERS, HEADER } from "./fast-start.ts";

/** Where the units stand behind a box's header, by its version: after two times of 4 or of 8 bytes. */
const UNITS_AT = [12, 20];

/** Changes, in place, an MP4 file whose frames were encoded at `whole` a second so that they are shown at `rate`. */
export function setRate(file: Buffer, whole: number, rate: number, [start, end] = [0, file.length]): void {
  for (const box of boxesIn(file, start, end)) {
    const body = box.start + HEADER;
    if (CONTAINERS.has(box.type)) setRate(file, whole, rate, [body, box.end]);
    if (box.type !== "mvhd" && box.type !== "mdhd") continue;
    const at = body + (UNITS_AT[file[body]] ?? UNITS_AT[0]);
    file.writeUInt32BE(Math.round((file.readUInt32BE(at) * rate) / whole), at);
  }
}
