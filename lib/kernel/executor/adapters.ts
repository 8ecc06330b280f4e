import { readFileSync } from "node:fs";
import { type Bundle, bundleOf, DISPLAY, display } from "./display.ts";

/** The display calls of other kernels, so that notebooks written for them run. */

const TSLAB_TYPES: Record<string, string> = {
  html: "text/html",
  markdown: "text/markdown",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  pdf: "application/pdf",
  text: "text/plain",
  javascript: "application/javascript",
  latex: "text/latex",
};

/** tslab: `display.html("<b>x</b>")`; `newDisplay()` makes one whose output each call replaces. */
function tslabDisplay(show: (bundle: Bundle) => void) {
  const typed = Object.entries(TSLAB_TYPES).map(([name, type]) => [name, (data: unknown) => show({ [type]: data })]);
  return { ...Object.fromEntries(typed), raw: (type: string, data: unknown) => show({ [type]: data }) };
}

let displays = 0;

function newDisplay() {
  const displayId = `tslab-${process.pid}-${++displays}`;
  let update = false;
  return tslabDisplay((bundle) => {
    display(bundle, { displayId, update });
    update = true;
  });
}

const shown = tslabDisplay((bundle) => display(bundle));
const tslab = { display: shown, newDisplay };

/** Modules that cells import, and what they get instead. */
export const ADAPTERS: Record<string, Record<string, unknown>> = { tslab: { ...tslab, default: tslab } };

type Template = (strings: TemplateStringsArray, ...values: unknown[]) => Record<symbol, () => Bundle>;

const template =
  (type: string): Template =>
  (strings, ...values) => ({ [DISPLAY]: () => ({ [type]: String.raw({ raw: strings }, ...values) }) });

/** Deno: `Deno.jupyter`. Only cells see it; what looks for Deno to find out where it runs does not. */
export const DENO = {
  jupyter: {
    $display: DISPLAY,
    html: template("text/html"),
    md: template("text/markdown"),
    svg: template("image/svg+xml"),
    image: (picture: string | Uint8Array) => ({ [DISPLAY]: () => imageBundle(picture) }),
    display: async (value: unknown, options: { raw?: boolean; display_id?: string; update?: boolean } = {}) => {
      const { raw, display_id: displayId, update } = options;
      display(raw ? (value as Bundle) : await bundleOf(value), { displayId, update });
    },
    format: (value: unknown) => bundleOf(value),
  },
};

/** PNG begins with 0x89, JPEG with 0xff. */
function imageBundle(picture: string | Uint8Array): Bundle {
  const bytes = typeof picture === "string" ? readFileSync(picture) : picture;
  return { [bytes[0] === 0xff ? "image/jpeg" : "image/png"]: bytes };
}
