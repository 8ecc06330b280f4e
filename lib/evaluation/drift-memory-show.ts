/** How rows of drift and memory are shown. */
import { plusMinus, type TableOptions } from "../display/table.ts";
import type { DriftRow } from "./drift-memory-table.ts";

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

type Spread = "segmentPsnrLoss" | "combinedAccuracy" | "revisitPsnr";

/** A mean with its spread over seeds, where there are several. */
const overSeeds =
  (name: Spread, decimals: number) =>
  (_: unknown, row: object): string => {
    const { [name]: mean, [`${name}Sd` as const]: spread, seeds } = row as DriftRow;
    return plusMinus(mean, seeds.length > 1 ? spread : null, decimals);
  };

export const DRIFT_COLUMNS: TableOptions = {
  columns: ["model", "frames", ...Object.keys(headings), "trajectories"],
  headings,
  formats: {
    segmentPsnrLoss: overSeeds("segmentPsnrLoss", 2),
    combinedAccuracy: overSeeds("combinedAccuracy", 1),
    revisitPsnr: overSeeds("revisitPsnr", 1),
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
