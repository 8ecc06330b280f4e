/** Serves a world model over HTTP: sessions of videos that are stepped; see docs/models.md. */
import type { z } from "zod";
import { UserError } from "../../util/errors.ts";
import { Rng } from "../../util/rng.ts";
import { Blocks, PROTOCOL, packMessage, unpackMessage } from "../../util/wire/message.ts";
import { type Listening, type ListenOptions, listen } from "../../util/wire/server.ts";
import type { Pose } from "../../world/camera.ts";
import { SCENES_PER_SPLIT, sceneSeed } from "../../world/splits.ts";
import type { World } from "../../world/world.ts";
import type { Rollout, WorldModel } from "../worldModel.ts";
import { closeSchema, resetSchema, startSchema, stepSchema } from "./protocol.ts";
import { type SessionLimits, Sessions } from "./sessions.ts";

export interface ModelServerOptions extends ListenOptions, SessionLimits {
  readonly model: WorldModel;
  readonly name: string;
  /** Where videos may begin: answers `/start`. Without it whoever resets brings a picture. */
  readonly world?: World;
}

/** Frames of a video's first latent that are copies. */
const COPIES = 3;

const packed = ({ x, z, yaw, pitch }: Pose): number[] => [x, z, yaw, pitch];

/** @throws UserError where others could reach it without a token */
export async function serveModel({
  model,
  name,
  world,
  sessions,
  idle,
  ...options
}: ModelServerOptions): Promise<Listening> {
  const open = new Sessions({ sessions, idle });
  const reset = async (body: Buffer): Promise<object> => {
    const { header, bytesOf } = unpackMessage(body, resetSchema);
    const starts = header.starts.map(({ frame, pose: [x, z, yaw, pitch], scale, level }) => ({
      frame: bytesOf(frame),
      pose: { x, z, yaw, pitch },
      scale,
      level,
    }));
    return { session: await open.begin(() => model.reset(starts)) };
  };
  const step = async (body: Buffer): Promise<Buffer> => {
    const { header } = unpackMessage(body, stepSchema);
    return open.step(header.session, body, header.made, (rollout) => takeStep(rollout, header));
  };
  const takeStep = async (rollout: Rollout, header: z.infer<typeof stepSchema>): Promise<Buffer> => {
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
  const close = async (body: Buffer): Promise<object> => {
    await open.end(unpackMessage(body, closeSchema).header.session);
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
