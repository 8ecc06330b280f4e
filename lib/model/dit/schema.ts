/** What a transformer's config may say: a config from elsewhere is not to make this program build without end. */
import { z } from "zod";
import { parseConfig } from "../../util/config.ts";
import { count, positive, whole } from "../../util/schema.ts";
import { type DitConfig, HEAD_WIDTH, PATCH } from "./config.ts";

const SIDE = 1024;

const schema = z.strictObject({
  latent: z.strictObject({
    rows: count().max(SIDE).multipleOf(PATCH),
    columns: count().max(SIDE).multipleOf(PATCH),
    channels: count().max(SIDE),
  }),
  camera: z.strictObject({
    width: count().max(65536),
    height: count().max(65536),
    focal: positive(),
    pitch: z.enum(["turns", "shears"]),
  }),
  step: z.strictObject({ translation: positive(), yaw: positive(), pitch: positive() }),
  width: count().max(8192).multipleOf(HEAD_WIDTH),
  depth: count().max(256),
  expansion: count().max(16),
  cellWidth: count().max(8192),
  cellDepth: whole().max(256),
});

/** @param dir stands in error messages @throws UserError at what is unknown or out of its range */
export const parseDitConfig = (dir: string, model: unknown): DitConfig =>
  parseConfig(schema, model, (name) => `${dir}/config.json: model.${name}`);
