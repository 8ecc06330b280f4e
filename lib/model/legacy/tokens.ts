/** Latents to tokens and back, on the host: [6, 10, 32] per latent <-> 15 tokens of 128 (2 x 2 cells each). */

import { joinFloats } from "../../util/arrays.ts";
import { LATENT_SIZE, TOKENISER } from "../tokeniser/config.ts";
import { PATCH, TOKEN_CHANNELS, TOKEN_COLUMNS } from "./config.ts";

const { latentWidth, latentChannels } = TOKENISER;

/** For every number of a tokenised latent, its place in the latent grid. */
const SOURCE = Int32Array.from({ length: LATENT_SIZE }, (_, i) => {
  const token = Math.floor(i / TOKEN_CHANNELS);
  const inside = i % TOKEN_CHANNELS;
  const channel = inside % latentChannels;
  const dx = Math.floor(inside / latentChannels) % PATCH;
  const dy = Math.floor(inside / (latentChannels * PATCH));
  const row = Math.floor(token / TOKEN_COLUMNS) * PATCH + dy;
  const column = (token % TOKEN_COLUMNS) * PATCH + dx;
  return (row * latentWidth + column) * latentChannels + channel;
});

/** Any number of latents [n, 6, 10, 32] -> tokens [n, 15, 128]. */
export function toTokens(latents: Float32Array): Float32Array {
  const out = new Float32Array(latents.length);
  for (let start = 0; start < latents.length; start += LATENT_SIZE)
    for (let i = 0; i < LATENT_SIZE; i++) out[start + i] = latents[start + SOURCE[i]];
  return out;
}

/** Tokens [n, 15, 128] -> latents [n, 6, 10, 32]. */
export function fromTokens(tokens: Float32Array): Float32Array {
  const out = new Float32Array(tokens.length);
  for (let start = 0; start < tokens.length; start += LATENT_SIZE)
    for (let i = 0; i < LATENT_SIZE; i++) out[start + SOURCE[i]] = tokens[start + i];
  return out;
}

/** Tokens of consecutive clips -> latents in the tokeniser's layout. */
export const joinClips = (clips: readonly Float32Array[]): Float32Array => fromTokens(joinFloats(clips));
