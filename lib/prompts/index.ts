/** Prompts and the videos made for them: the public face of `lib/prompts`. */
export { type GenerateOptions, generateVideos, grow, startOf } from "./generate.ts";
export { ACTION_KINDS, type ActionKind, clipActions, framesOfClips, type Prompt, trueVideo } from "./prompt.ts";
