/** `[…]`, of which `]` may be the first member, or one character. */
const PART = /\[(\^?)(\]?[^\]]*)\]|(.)/gsu;
const MEMBER = /(.)-(.)|(.)/gsu;
const NOTHING = "[^\\s\\S]";

const literal = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`;

/**
 * A glob as SQLite has it (`*` any text, `?` any character, `[a-z]` and `[^a-z]` one of them) -> a test of whole texts.
 * Each piece between two stars is looked for once, from where the piece before it ended: no pattern can make it go back
 * and try again.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const [first, ...rest] = piecesOf(pattern);
  const last = rest.pop();
  if (last === undefined) {
    const whole = new RegExp(`^${first}$`, "u");
    return (text) => whole.test(text);
  }
  const steps = [`^${first}`, ...rest, `${last}$`].map((piece) => new RegExp(piece, "gu"));
  return (text) => {
    let at = 0;
    return steps.every((step) => {
      step.lastIndex = at;
      const found = step.test(text);
      at = step.lastIndex;
      return found;
    });
  };
}

/** The expressions between the stars. None of them repeats anything. */
function piecesOf(pattern: string): string[] {
  const pieces = [""];
  for (const [part, not, members, character] of pattern.matchAll(PART)) {
    if (part === "*") pieces.push("");
    else pieces[pieces.length - 1] += members === undefined ? one(character) : anyOf(members, not);
  }
  return pieces;
}

/** A bracket that nothing closes matches nothing. */
function one(character: string): string {
  if (character === "?") return "[\\s\\S]";
  return character === "[" ? NOTHING : literal(character);
}

function anyOf(members: string, not: string): string {
  const classes = [...members.matchAll(MEMBER)].map(([, from, to, single]) => {
    if (single !== undefined) return literal(single);
    return from <= to ? `${literal(from)}-${literal(to)}` : "";
  });
  return `[${not}${classes.join("")}]`;
}
