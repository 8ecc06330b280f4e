/** Prompts and the videos made for them: the public face of `lib/rollout/prompts`. */
export { type Generated, type GenerateOptions, generate, generateVideos, grow, startOf } from "./generate.ts";
export {
  ACTION_KINDS,
  type ActionKind,
  clipActions,
  framesOfClips,
  type Prompt,
  type PromptKind,
  ROUTES,
  type Route,
  trueVideo,
  WIDE_KINDS,
  type WideKind,
} from "./prompt.ts";
export { oppositeOf, type RouteOptions, routePrompt, routeSize, turningFrame } from "./routes.ts";
export { widePrompt } from "./wide.ts";
