/** How rows of drift and memory are shown. */
import { plusMinus, type TableOptions } from "../display/table.ts";

const headings = {
  segmentPsnrLoss: "PSNR loss dB",
  worstSegmentPsnrLoss: "to the worst",
  ownPsnrLoss: "where it is",
  astray: "astray",
  appearanceContrast: "contrast of looks",
  combinedAccuracy: "combined %",
  routeAccuracy: "routes %",
  revisitPsnr: "revisit dB",
  ungatedRevisitPsnr: "without gate",
  revisitTruthPsnr: "to truth dB",
  objectsKept: "objects kept",
};

export const DRIFT_COLUMNS: TableOptions = {
  columns: ["model", "frames", ...Object.keys(headings), "trajectories"],
  headings,
  formats: {
    segmentPsnrLoss: (value, row) => plusMinus(value as number, row.segmentPsnrLossSd as number, 2),
    combinedAccuracy: (value, row) => plusMinus(value as number, row.combinedAccuracySd as number),
    revisitPsnr: (value, row) => plusMinus(value as number | null, row.revisitPsnrSd as number | null),
    worstSegmentPsnrLoss: 2,
    ownPsnrLoss: 2,
    astray: 1,
    appearanceContrast: 3,
    routeAccuracy: 1,
    ungatedRevisitPsnr: 1,
    revisitTruthPsnr: 1,
    objectsKept: 2,
  },
};

export const FLOOR_COLUMNS: TableOptions = {
  headings: {
    firstPsnr: "first dB",
    lastPsnr: "last dB",
    floorPsnr: "floor dB",
    loss: "loss dB",
    excess: "below the floor dB",
  },
  formats: { firstPsnr: 1, lastPsnr: 1, floorPsnr: 1, loss: 1, excess: 1 },
};

export const LONG_COLUMNS: TableOptions = {
  columns: ["model", "frames", "accuracyFirst", "accuracyLast", "psnrFirst", "psnrLast", "videos"],
  headings: {
    accuracyFirst: "exact % first",
    accuracyLast: "last",
    psnrFirst: "PSNR dB first",
    psnrLast: "last",
  },
  formats: { accuracyFirst: 1, accuracyLast: 1, psnrFirst: 1, psnrLast: 1 },
};
