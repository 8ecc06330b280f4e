import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import type { Image } from "./image.ts";

const { resolve } = createRequire(import.meta.url);

/** The typeface travels with the package, so that every machine draws the same picture. */
const FONT_FILES = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"].map((file) =>
  resolve(`@expo-google-fonts/inter/${file}`),
);

export const FONT_FAMILY = "Inter";

/** A drawing with transparency: `rgba` is [height, width, 4], colours already multiplied by alpha. */
export interface Layer {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What no XML document may hold, however it is written; names may. */
const NOT_XML = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff\p{Cs}]/gu;

const open = (svg: string, scale: number): Resvg =>
  new Resvg(svg.replace(NOT_XML, "\ufffd"), {
    fitTo: { mode: "zoom", value: scale },
    font: { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: FONT_FAMILY },
  });

/** PNG bytes of an SVG document, `scale` pixels for each of its units. */
export function svgToPng(svg: string, scale = 1): Uint8Array {
  return open(svg, scale).render().asPng();
}

/** Draws an SVG document to pixels, for blending over a picture. */
export function svgToLayer(svg: string, scale = 1): Layer {
  const { pixels, width, height } = open(svg, scale).render();
  return { rgba: pixels, width, height };
}

/** Blends a layer over a picture in place, its top left corner at (x, y). Parts outside are cut off. */
export function blendLayer(target: Image, layer: Layer, x = 0, y = 0): void {
  const columns = Math.min(layer.width, target.width - x);
  const rows = Math.min(layer.height, target.height - y);
  for (let row = Math.max(0, -y); row < rows; row++) {
    for (let column = Math.max(0, -x); column < columns; column++) {
      const from = (row * layer.width + column) * 4;
      const to = ((y + row) * target.width + x + column) * 3;
      const keep = 1 - layer.rgba[from + 3] / 255;
      for (let c = 0; c < 3; c++) target.pixels[to + c] = layer.rgba[from + c] + target.pixels[to + c] * keep;
    }
  }
}

/** Text made safe for an SVG or HTML document, also as the value of an attribute. */
export function escapeMarkup(text: string): string {
  const sound = text.replace(NOT_XML, "\ufffd");
  const marks = sound.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return marks.replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

const widths = new Map<string, number>();

/** Width of a line of text in SVG units, measured with the typeface it will be drawn in. */
export function textWidth(text: string, size: number, weight: 400 | 600 = 400): number {
  const key = `${weight}:${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    width = measure(text, weight);
    widths.set(key, width);
  }
  return (width * size) / 100;
}

/** Width at size 100. The bars on either side make leading and trailing spaces count. */
function measure(text: string, weight: number): number {
  const bounds = (content: string) =>
    open(
      `<svg xmlns="http://www.w3.org/2000/svg" width="9999" height="200">
        <text y="120" font-family="${FONT_FAMILY}" font-size="100" font-weight="${weight}">${content}</text></svg>`,
      1,
    ).innerBBox()?.width ?? 0;
  return bounds(`|${escapeMarkup(text)}|`) - bounds("||");
}
