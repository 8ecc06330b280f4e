/** What may be wrong with a reward, told before anything is made of it. */
import { UserError } from "../util/errors.ts";
import type { RewardInput, Scoring, Weighted } from "./reward.ts";

/** @throws UserError unless each weight is 0 or more, one is above 0, and every reward has a name of its own */
export function checkWeights(rewards: readonly Weighted<Scoring>[]): void {
  for (const [i, { reward }] of rewards.entries())
    if (typeof reward?.score !== "function")
      throw new UserError(`reward ${i} has no score`, "give an object with a name and a function score(clips)");
  const sound = rewards.every(({ weight }) => Number.isFinite(weight) && weight >= 0);
  if (!sound || !rewards.some(({ weight }) => weight > 0)) {
    const list = rewards.map(({ reward, weight }) => `${reward.name} ${weight}`).join(", ");
    throw new UserError(`rewards weighted ${list || "(none)"}`, "give weights of 0 or more, one of them above 0");
  }
  checkNames(rewards.map(({ reward }) => reward.name));
}

/** What the record of a run adds to a reward's name. */
const SUFFIX = "-within-group-std";
/** Names that the record of a run has for itself. */
const TAKEN = ["depth", "deadGroups", "optimiserSteps", "seconds"];

/** Names stand in config.json and in the record of a run, where no two may mean different things. */
function checkNames(names: readonly string[]): void {
  const derived = new Set(names.map((name) => name + SUFFIX));
  names.forEach((name, i) => {
    const refuse = (why: string): never => {
      throw new UserError(`a reward is called ${JSON.stringify(name)}: ${why}`, "give it another name");
    };
    if (typeof name !== "string" || !/^[\w][\w .+-]*$/u.test(name))
      refuse("letters, digits, dots and dashes make a name");
    if (names.indexOf(name) !== i) refuse("so is another");
    if (derived.has(name)) refuse("the record derives that name from another reward's");
    if (TAKEN.includes(name) || name.startsWith("seconds-")) refuse("the record of a run has a metric of that name");
    if (Object.hasOwn(Object.prototype, name)) refuse("JavaScript has that name for itself");
  });
}

/** Beyond, a sum of squares overflows. */
const LARGEST = 1e100;

/**
 * The scores of clips by one reward, once it is certain that they are scores. The reward has a list of its own to do with as
 * it likes.
 * @param where says of a clip's index whose it is, for example `prompt 2 (...), branch 0`
 * @throws UserError naming the reward, and the clip
 */
export async function scoresOf(
  reward: Scoring,
  clips: readonly RewardInput[],
  where: (clip: number) => string,
): Promise<number[]> {
  return checkScores(reward.name, await reward.score([...clips]), clips.length, where);
}

/** @throws UserError unless it is a list of so many finite numbers */
export function checkScores(name: string, scores: unknown, count: number, where: (clip: number) => string): number[] {
  const refuse = (problem: string): never => {
    throw new UserError(
      `reward "${name}" ${problem}`,
      "let it return a list with one finite number for each clip, up to 1e100",
    );
  };
  if (scores instanceof Promise) refuse("returned a promise");
  if (!Array.isArray(scores) && !isFloats(scores)) return refuse(`returned ${kindOf(scores)} instead of a list`);
  if (scores.length !== count) refuse(`returned ${scores.length} scores for ${count} clips`);
  return Array.from(scores as ArrayLike<unknown>, (score, i) =>
    typeof score === "number" && Math.abs(score) <= LARGEST ? score : refuse(`is ${kindOf(score)} for ${where(i)}`),
  );
}

const isFloats = (value: unknown): value is Float32Array | Float64Array =>
  value instanceof Float32Array || value instanceof Float64Array;

/** A value in an error message. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "string" ? `the text ${JSON.stringify(value)}` : String(value);
}
