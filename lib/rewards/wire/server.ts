/** Serves a reward over HTTP, to programs in any language: `POST /score` with clips, `GET /info` about it. */
import { PROTOCOL } from "../../util/wire/message.ts";
import { type Listening, type ListenOptions, listen, Refusal } from "../../util/wire/server.ts";
import type { Scoring } from "../reward.ts";
import { decodeClips } from "./message.ts";

export interface ScorerOptions extends ListenOptions {
  readonly reward: Scoring;
  /** Does it look at the frames before a clip? */
  readonly needsPast?: boolean;
}

/** @throws UserError where others could reach it without a token */
export function serveReward({ reward, needsPast = false, ...options }: ScorerOptions): Promise<Listening> {
  const score = async (body: Buffer): Promise<object> => {
    const clips = decodeClips(body);
    const scores = await reward.score(clips);
    if (scores.length === clips.length && scores.every(Number.isFinite)) return { scores };
    throw new Refusal(500, `reward "${reward.name}" gave [${scores}] for ${clips.length} clips`);
  };
  const info = (): object => ({ protocol: PROTOCOL, name: reward.name, needs: needsPast ? ["past"] : [] });
  return listen({ "GET /info": info, "POST /score": score }, options);
}
