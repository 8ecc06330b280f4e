/** A reward that another program gives, over HTTP; see docs/scorers.md for what it must answer. */
import { z } from "zod";
import { type AskOptions, askJson, trouble } from "../../util/wire/client.ts";
import { PROTOCOL } from "../../util/wire/message.ts";
import type { CameraModel } from "../../world/world.ts";
import type { RewardInput, Scoring } from "../reward.ts";
import { encodeClips } from "./message.ts";

export interface RemoteOptions extends Pick<AskOptions, "url" | "token" | "timeout" | "retries"> {
  /** Its name in records; not necessarily what it calls itself. */
  readonly name: string;
  readonly camera: Pick<CameraModel, "width" | "height">;
  /** Clips of one request. Default 32. */
  readonly batch?: number;
  /** Requests at a time. Default 2. */
  readonly side?: number;
}

const infoSchema = z.object({ protocol: z.literal(PROTOCOL), name: z.string(), needs: z.array(z.string()) });
const scoresSchema = z.object({ scores: z.array(z.number()) });

export interface RemoteReward extends Scoring {
  score(clips: readonly RewardInput[]): Promise<number[]>;
}

/**
 * A reward that another program gives, in any language, over HTTP (docs/scorers.md): asks the scorer what it is, and gives a
 * reward that asks it for scores.
 *
 * @throws UserError where no such scorer answers
 * @example
 * ```ts
 * import { remoteReward } from "worldcompass";
 * const camera = { width: 80, height: 48 };
 * const asked = remoteReward({ name: "mine", url: "http://127.0.0.1:9", camera, retries: 0 });
 * console.log(await asked.catch((error) => error.name)); // => UserError
 * ```
 */
export async function remoteReward(options: RemoteOptions): Promise<RemoteReward> {
  const { name, camera, batch = 32, side = 2 } = options;
  const asked: AskOptions = { ...options, who: `the scorer "${name}"`, page: "docs/scorers.md" };
  const { needs } = await askJson(asked, "/info", infoSchema);
  const coding = { width: camera.width, height: camera.height, past: needs.includes("past") };
  const scoreBatch = async (clips: readonly RewardInput[]): Promise<number[]> => {
    const { scores } = await askJson(asked, "/score", scoresSchema, encodeClips(clips, coding));
    if (scores.length === clips.length) return scores;
    throw trouble(asked, `answered ${scores.length} scores for ${clips.length} clips`, "let it give one score a clip");
  };
  const score = async (clips: readonly RewardInput[]): Promise<number[]> => {
    const batches = Array.from({ length: Math.ceil(clips.length / batch) }, (_, i) =>
      clips.slice(i * batch, (i + 1) * batch),
    );
    return (await sideBySide(batches, side, scoreBatch)).flat();
  };
  return { name, score };
}

/** Answers in order, `side` requests at a time; the first failure ends it. */
async function sideBySide<A, B>(items: readonly A[], side: number, work: (item: A) => Promise<B>): Promise<B[]> {
  const out: B[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      out[i] = await work(items[i]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(side, items.length) }, worker));
  return out;
}
