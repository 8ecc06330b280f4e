/** Serves a world model over HTTP: sessions of videos that are stepped; see docs/models.md. */
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import { Blocks, PROTOCOL, packMessage, unpackMessage } from "../../util/wire/message.ts";
import { type Listening, type ListenOptions, listen } from "../../util/wire/server.ts";
import type { Pose } from "../../world/camera.ts";
import { SCENES_PER_SPLIT, sceneSeed } from "../../world/splits.ts";
import type { World } from "../../world/world.ts";
import type { Rollout, WorldModel } from "../worldModel.ts";
import { closeSchema, resetSchema, startSchema, stepSchema } from "./protocol.ts";

export interface ModelServerOptions extends ListenOptions {
  readonly model: WorldModel;
  readonly name: string;
  /** Where videos may begin: answers `/start`. Without it whoever resets brings a picture. */
  readonly world?: World;
  /** Most sessions at a time; one more is refused. */
  readonly sessions?: number;
}

/** Frames of a video's first latent that are copies. */
const COPIES = 3;

const packed = ({ x, z, yaw, pitch }: Pose): number[] => [x, z, yaw, pitch];

/** @throws UserError where others could reach it without a token */
export async function serveModel({
  model,
  name,
  world,
  sessions: most = 16,
  ...options
}: ModelServerOptions): Promise<Listening> {
  const open = new Map<string, Rollout>();
  let opened = 0;
  const sessionOf = (session: string): Rollout => {
    const rollout = open.get(session);
    if (rollout) return rollout;
    throw new UserError(`there is no session "${session}"`, "reset first; a server that was started again has none");
  };
  const reset = async (body: Buffer): Promise<object> => {
    const { header, bytesOf } = unpackMessage(body, resetSchema);
    if (open.size >= most) throw new UserError(`${open.size} sessions are open`, "close one first");
    const starts = header.starts.map(({ frame, pose: [x, z, yaw, pitch], scale, level }) => ({
      frame: bytesOf(frame),
      pose: { x, z, yaw, pitch },
      scale,
      level,
    }));
    const session = String(++opened);
    open.set(session, await model.reset(starts));
    return { session };
  };
  const step = async (body: Buffer): Promise<Buffer> => {
    const { header } = unpackMessage(body, stepSchema);
    const rollout = sessionOf(header.session);
    if (header.actions.length !== rollout.count || header.seeds.length !== rollout.count) {
      const problem = `${header.actions.length} actions and ${header.seeds.length} seeds for ${rollout.count} videos`;
      throw new UserError(problem, "give four actions and a seed for each video");
    }
    const first = rollout.length === 0;
    const clips = await rollout.step(
      header.actions,
      header.seeds.map((seed) => Rng.of("remote", seed)),
    );
    const blocks = new Blocks();
    const bytes = 3 * model.camera.width * model.camera.height;
    const sent = model
      .decode(clips)
      .map((frames) => blocks.addFrames(first ? frames.subarray(COPIES * bytes) : frames, model.camera));
    const poses = clips.map((_, i) => packed(rollout.poses(i).at(-1) as Pose));
    return packMessage({ clips: sent, poses }, blocks);
  };
  const close = (body: Buffer): object => {
    const { session } = unpackMessage(body, closeSchema).header;
    sessionOf(session).dispose();
    open.delete(session);
    return {};
  };
  const start = async (body: Buffer): Promise<Buffer> => {
    const { seed } = unpackMessage(body, startSchema).header;
    if (!world) throw new UserError("this server knows no places to begin at", "reset with a picture of your own");
    const level = world.level(sceneSeed("evaluation", seed % SCENES_PER_SPLIT));
    const pose = level.spawn(Rng.of("start", world.name, seed));
    const blocks = new Blocks();
    const frame = blocks.addFrames(await level.render([pose]), world.camera);
    return packMessage({ frame, pose: packed(pose), level: level.seed }, blocks);
  };
  const info = (): object => ({ protocol: PROTOCOL, name, camera: model.camera, step: model.step });
  return listen(
    { "GET /info": info, "POST /start": start, "POST /reset": reset, "POST /step": step, "POST /close": close },
    options,
  );
}
