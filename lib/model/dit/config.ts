/** Shape of the diffusion transformer, and of the pictures and actions that it models. */
import { z } from "zod";
import { count, whole } from "../../util/schema.ts";
import type { CameraModel, StepSizes } from "../../world/world.ts";
import { CLIP_LATENTS } from "../clip.ts";

/** A latent: cells of a picture, each a few numbers. */
export interface LatentShape {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/** Channels of one attention head; fixed by the relative encoding's sixteen rotation planes. */
export const HEAD_WIDTH = 32;

/** What one chooses of a transformer; the rest comes from the data. */
export const ditDials = z.strictObject({
  width: count(8192).multipleOf(HEAD_WIDTH).default(192).describe("Channels of the residual stream."),
  depth: count(1000).default(6).describe("Transformer blocks."),
  expansion: count(100).default(4).describe("Hidden channels of the feed-forward layer as a multiple of the width."),
  cellWidth: count(8192).default(96).describe("Channels of the convolutional stage, which works on single cells."),
  cellDepth: whole().max(1000).default(4).describe("Its residual blocks."),
});
/** The dials of the shipped models. */
export const DIT_DEFAULTS = ditDials.parse({});

export interface DitConfig extends Readonly<z.output<typeof ditDials>> {
  readonly latent: LatentShape;
  /** From the data set's description. */
  readonly camera: CameraModel;
  readonly step: StepSizes;
}
/** Side of the square of cells that makes one token. */
export const PATCH = 2;
/** Noise level at which context is shown to the model (paper: timestep 14 of 1000). */
export const CONTEXT_SIGMA = 0.014;

export const tokenRows = ({ rows }: LatentShape): number => rows / PATCH;
export const tokenColumns = ({ columns }: LatentShape): number => columns / PATCH;
/** Tokens of one latent. */
export const latentTokens = (latent: LatentShape): number => tokenRows(latent) * tokenColumns(latent);
/** Tokens of one clip. */
export const clipTokens = (latent: LatentShape): number => CLIP_LATENTS * latentTokens(latent);
/** Numbers in one token. */
export const tokenChannels = ({ channels }: LatentShape): number => PATCH * PATCH * channels;
/** Numbers in one latent. */
export const latentSize = ({ rows, columns, channels }: LatentShape): number => rows * columns * channels;
/** Numbers in one clip. */
export const clipSize = (latent: LatentShape): number => CLIP_LATENTS * latentSize(latent);
