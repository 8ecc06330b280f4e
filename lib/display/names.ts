/** Names that come from data, made safe for where they are shown: they are text, and never markup, formulas or commands. */

/** For plotly.js, which takes tags, entities and, where MathJax is loaded, formulas out of any text. */
export const plotlyText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("$", "&#36;");

/** Control characters, by which a terminal is told to do things; and those that turn the direction of writing. */
const COMMANDS = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** For a terminal. Line breaks and tabs stay. */
export const plainText = (text: string): string => text.replace(/\r\n?/g, "\n").replace(COMMANDS, "\ufffd");
