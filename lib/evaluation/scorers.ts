/**
 * Can a visual scorer be hacked? Videos of several policies for the same prompts are scored by several scorers, beside
 * their likeness to the truth: a scorer that a policy has learnt to please says up where the likeness says down.
 */
import { boundedPsnr } from "../metrics/image.ts";
import type { Preference } from "../rewards/preference/index.ts";
import { groupedCorrelation } from "../training/preference/evaluate.ts";
import { mean } from "../util/statistics.ts";
import { likenessPerClip, visualPerClip } from "./score.ts";

export interface Scorer {
  readonly name: string;
  readonly preference: Preference;
}

/** Videos of one policy, [F, 48, 80, 3] each, for the prompts in their order. */
export interface PolicyVideos {
  readonly name: string;
  readonly videos: readonly Uint8Array[];
}

export interface PolicyRow {
  readonly policy: string;
  /** dB and -1..1, against the true pictures at the commanded poses. */
  readonly psnr: number;
  readonly ssim: number;
  /** Mean score by name of the scorer, in logits; each scorer has its own scale. */
  readonly scores: Readonly<Record<string, number>>;
}

/** Rank correlations of a scorer with likeness to the truth, over clips. */
export interface ScorerRow {
  readonly scorer: string;
  /** Over the clips of all policies. */
  readonly psnr: number;
  readonly ssim: number;
  /** Among the policies' versions of the same clip: does it prefer the policy that is nearer to the truth? */
  readonly psnrWithin: number;
  readonly ssimWithin: number;
}

export interface ScorerComparison {
  readonly policies: PolicyRow[];
  readonly scorers: ScorerRow[];
}

/** Of one video, clip by clip. */
interface Judged {
  readonly psnr: number[];
  readonly ssim: number[];
  /** By scorer. */
  readonly scores: number[][];
}

function judge(scorers: readonly Scorer[], video: Uint8Array, truth: Uint8Array): Judged {
  return {
    ...likenessPerClip(video, truth, boundedPsnr),
    scores: scorers.map(({ preference }) => visualPerClip(preference, video)),
  };
}

/**
 * @param policies two or more
 * @param truths the prompts' true videos
 */
export function compareScorers(
  scorers: readonly Scorer[],
  policies: readonly PolicyVideos[],
  truths: readonly Uint8Array[],
): ScorerComparison {
  const judged = policies.map(({ videos }) => videos.map((video, i) => judge(scorers, video, truths[i])));
  const average = (policy: Judged[], values: (video: Judged) => number[]): number => mean(policy.flatMap(values));
  /** Groups of the policies' versions of one clip. */
  const groups = (s: number, key: "psnr" | "ssim") =>
    truths.flatMap((_, i) =>
      judged[0][i].psnr.map((_, clip) =>
        judged.map((policy) => ({ score: policy[i].scores[s][clip], likeness: policy[i][key][clip] })),
      ),
    );
  return {
    policies: policies.map(({ name }, p) => ({
      policy: name,
      psnr: average(judged[p], ({ psnr }) => psnr),
      ssim: average(judged[p], ({ ssim }) => ssim),
      scores: Object.fromEntries(scorers.map((scorer, s) => [scorer.name, average(judged[p], (v) => v.scores[s])])),
    })),
    scorers: scorers.map(({ name }, s) => {
      const [psnr, ssim] = [groupedCorrelation(groups(s, "psnr")), groupedCorrelation(groups(s, "ssim"))];
      return {
        scorer: name,
        psnr: psnr.overall,
        ssim: ssim.overall,
        psnrWithin: psnr.within,
        ssimWithin: ssim.within,
      };
    }),
  };
}
