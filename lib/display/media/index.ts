export { type ContactSheetOptions, contactSheet, drawContactSheet, spreadFrames } from "./contact-sheet.ts";
export { blankImage, type Image, pasteImage, type Rgb, upscaleImage } from "./image.ts";
export { type HeldKeys, overlayKeys } from "./key-overlay.ts";
export { decodePng, encodePng } from "./png.ts";
export { type SideBySideOptions, sideBySide } from "./side-by-side.ts";
export { frameAt, frameCount, mapFrames, upscaleVideo, type Video, videoOf } from "./video.ts";
