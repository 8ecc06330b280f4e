/**
 * A glob (`*` any text, `?` any character) -> a test of whole texts. Each piece between two stars is looked for once,
 * from where the piece before it ended: no pattern can make it go back and try again.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const [first, ...rest] = pattern.split(/\*+/);
  const last = rest.pop();
  if (last === undefined) return (text) => text.length === first.length && fits(text, first, 0);
  return (text) => {
    const end = text.length - last.length;
    if (end < first.length || !fits(text, first, 0) || !fits(text, last, end)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = find(text, piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}

/** `?` stands for one UTF-16 unit. */
function fits(text: string, piece: string, at: number): boolean {
  if (!piece.includes("?")) return text.startsWith(piece, at);
  for (let i = 0; i < piece.length; i++) if (piece[i] !== "?" && piece[i] !== text[at + i]) return false;
  return true;
}

function find(text: string, piece: string, from: number): number {
  if (!piece.includes("?")) return text.indexOf(piece, from);
  for (let at = from; at + piece.length <= text.length; at++) if (fits(text, piece, at)) return at;
  return -1;
}
