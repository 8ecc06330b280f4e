/** The measured numbers of the two estimators, as one JSON value and as lines for model cards. */
import {
  accuracyRows,
  actionRows,
  agreementRows,
  type Reading,
  TEST_LATENT_NOISE,
} from "../../rewards/estimator/evaluate.ts";

export interface ReportFacts {
  /** SHA-256 of the weights by estimator, and of the tokeniser. */
  readonly estimators: Record<string, { seed: number; sha256: string; groupsPerSecond: number; parameters: number }>;
  readonly tokeniser: string;
  readonly heldOut: { splits: string[]; firstTrajectory: number; videos: number; frameSteps: number; dataSeed: number };
  readonly threads: number;
}

const rounded = <T extends object>(row: T): T =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, typeof value === "number" ? Number(value.toFixed(4)) : value]),
  ) as T;

export function estimatorReport(readings: readonly Reading[], facts: ReportFacts) {
  const decibels = ({ pictures, psnr }: Reading) => ({
    pictures,
    psnr: Number.isFinite(psnr) ? Number(psnr.toFixed(2)) : null,
  });
  return {
    ...facts,
    latentNoise: TEST_LATENT_NOISE,
    pictures: readings.map(decibels),
    accuracy: accuracyRows(readings).map(rounded),
    agreement: agreementRows(readings).map(rounded),
    byAction: actionRows(readings)
      .filter(({ pictures }) => pictures === "true-render" || pictures === "reconstruction")
      .map(rounded),
  };
}

export type EstimatorReport = ReturnType<typeof estimatorReport>;

const percent = (share: number): string => (100 * share).toFixed(1);

/** A Markdown table of one estimator's accuracy. */
export function accuracyTable({ accuracy }: EstimatorReport, estimator: string): string {
  const rows = accuracy
    .filter((row) => row.estimator === estimator)
    .map((row) => {
      const shares = [row.exact, row.exactSd, row.translation, row.rotation].map(percent).join(" | ");
      return `| ${row.pictures} | ${row.actions} | ${shares} | ${row.steps} |`;
    });
  const head = "| pictures | actions | exact % | sd over videos | translation % | rotation % | frame steps |";
  return [head, "|---|---|---|---|---|---|---|", ...rows].join("\n");
}
