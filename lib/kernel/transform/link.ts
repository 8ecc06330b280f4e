/** What the compiler's own calls of `require` are renamed to, so that a file may have a `require` of its own. */
export const LINK = "__wcRequire";
