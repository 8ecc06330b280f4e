import { sep } from "node:path";

/** What an import may lead to, and how the executor gets at it. */
export type Kind =
  /** A module of Node's. */
  | "builtin"
  /** A file that the kernel compiles: TypeScript anywhere, JavaScript of the project. */
  | "source"
  /** JSON. */
  | "data"
  /** Style sheets, pictures and the like, which bundlers turn into modules. */
  | "asset"
  /** Declarations only: nothing is left of them at run time. */
  | "types"
  /** What Node loads by itself: installed packages. */
  | "native";

const DECLARATIONS = /\.d\.[cm]?ts$|\.d\.\w+\.ts$/;
const TYPESCRIPT = /\.[cm]?tsx?$/;
const JAVASCRIPT = /\.(?:[cm]?js|jsx)$/;
const ASSETS =
  /\.(?:css|scss|sass|less|styl|pcss|svg|png|jpe?g|gif|webp|avif|ico|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wav|flac|pdf|txt|md|html|graphql|gql|wasm)$/i;

export function kindOf(path: string): Kind {
  if (DECLARATIONS.test(path)) return "types";
  if (TYPESCRIPT.test(path)) return "source";
  if (path.endsWith(".json")) return "data";
  if (ASSETS.test(path)) return "asset";
  return JAVASCRIPT.test(path) && !isInstalled(path) ? "source" : "native";
}

/** Installed packages do not change while a kernel runs. */
export function isInstalled(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}
