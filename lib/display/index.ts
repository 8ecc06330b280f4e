export { type Displayable, displayable, JUPYTER_DISPLAY, type MimeBundle } from "./bundle.ts";
export { bundleOf, clearOutput, display, updateDisplay } from "./display.ts";
export { type DisplayOptions, type Frontend, frontend, inNotebook } from "./frontend.ts";
export { markdown } from "./markdown.ts";
export * from "./plot/index.ts";
export { progress, track } from "./progress.ts";
export { sheet } from "./sheet.ts";
export { plusMinus, type TableOptions, table } from "./table.ts";
export { type VideoDisplayOptions, video } from "./video.ts";
