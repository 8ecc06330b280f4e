/** How much of a loss is unavoidable for who forgets: models beside the control `same-look`. */
import type { DriftRow } from "./drift-memory-table.ts";

/** PSNR to the truth in dB, combined commands. */
export interface FloorRow {
  model: string;
  frames: number;
  /** Of the first segment, in which the given picture helps, and of the last. */
  firstPsnr: number;
  lastPsnr: number;
  /** Of the last segment, where nothing but the look is known. */
  floorPsnr: number;
  /** From the first segment to the last, and of that what leads below the floor; below 0 the model ends above it. */
  loss: number;
  excess: number;
}

/** @param floor rows of the control at the same horizons */
export function floorRows(rows: readonly DriftRow[], floor: readonly DriftRow[]): FloorRow[] {
  return rows.flatMap(({ model, frames, firstPsnr, lastPsnr, segmentPsnrLoss: loss }) => {
    const known = floor.find((row) => row.frames === frames);
    if (!known) return [];
    const floorPsnr = known.lastPsnr;
    return [{ model, frames, firstPsnr, lastPsnr, floorPsnr, loss, excess: floorPsnr - lastPsnr }];
  });
}
