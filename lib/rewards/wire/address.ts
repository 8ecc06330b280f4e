/** Rewards of other programs as a command line names them: `mine=http://127.0.0.1:8000`, with a weight `mine=0.5*http://…`. */
import { UserError } from "../../util/errors.ts";
import type { CameraModel } from "../../world/world.ts";
import type { Scoring, Weighted } from "../reward.ts";
import { remoteReward } from "./client.ts";

export interface RemoteAddress {
  readonly name: string;
  readonly weight: number;
  readonly url: string;
}

/** The environment's variable with the token that scorers ask for. */
export const TOKEN = "WORLDCOMPASS_TOKEN";

const MEND = "write mine=http://127.0.0.1:8000, or mine=0.5*http://127.0.0.1:8000 with its weight";

/** @throws UserError at a text that names no reward at an address */
export function parseRemote(text: string): RemoteAddress {
  const [, name, weight, url] = /^([^=]+)=(?:([^*]*)\*)?(.*)$/.exec(text.trim()) ?? [];
  if (name === undefined) throw new UserError(`"${text}" is no reward at an address`, MEND);
  const counted = weight === undefined ? 1 : weight.trim() === "" ? Number.NaN : Number(weight);
  if (!(Number.isFinite(counted) && counted >= 0)) throw new UserError(`"${text}": a weight of "${weight}"`, MEND);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:")
    throw new UserError(`"${text}": "${url}" is no http address`, MEND);
  return { name: name.trim(), weight: counted, url };
}

/**
 * Asks each scorer what it is.
 * @throws UserError where one does not answer, or two have one name
 */
export async function openRemotes(
  texts: readonly string[],
  camera: Pick<CameraModel, "width" | "height">,
): Promise<Weighted<Scoring>[]> {
  const addresses = texts.map(parseRemote);
  const names = addresses.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`two rewards are called "${twice}"`, "give one another name");
  const token = process.env[TOKEN];
  return Promise.all(
    addresses.map(async ({ name, weight, url }) => ({
      reward: await remoteReward({ name, url, camera, token }),
      weight,
    })),
  );
}
