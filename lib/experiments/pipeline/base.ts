/** Pre-trains a world's base model. */
import type { Pipeline } from "./pipeline.ts";

export async function makeBase(_pipeline: Pipeline): Promise<void> {}
