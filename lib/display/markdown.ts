import { type Displayable, displayable } from "./bundle.ts";

/** Text shown as Markdown (in a terminal as it is written). */
export function markdown(text: string): Displayable {
  return displayable(() => ({ "text/markdown": text, "text/plain": text }));
}
