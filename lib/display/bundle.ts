/** A value in several formats by MIME type; a front end shows the richest it knows. `text/plain` is always there. */
export type MimeBundle = { readonly "text/plain": string } & Readonly<Record<string, unknown>>;

/** The method by which a value says how it wants to be shown (the convention of Deno's Jupyter kernel). */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/** Something a notebook can show: as the last expression of a cell, or through `display`. */
export interface Displayable {
  [JUPYTER_DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

export function isDisplayable(value: unknown): value is Displayable {
  return typeof value === "object" && value !== null && JUPYTER_DISPLAY in value;
}

/** A value that shows as `bundle`, which is made when it is needed and only once. */
export function displayable(make: () => MimeBundle | Promise<MimeBundle>): Displayable {
  let bundle: MimeBundle | Promise<MimeBundle> | undefined;
  return {
    [JUPYTER_DISPLAY]: () => {
      bundle ??= make();
      return bundle;
    },
  };
}
