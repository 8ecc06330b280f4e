/** What usually helps, for the mistakes that newcomers to TypeScript notebooks make. */
interface Hint {
  matches: RegExp;
  text: (match: RegExpExecArray) => string;
}

const HINTS: Hint[] = [
  {
    matches: /^ReferenceError: print is not defined/,
    text: () => "use `console.log(…)`, or leave the value as the last line of the cell.",
  },
  {
    matches: /^ReferenceError: (document|window) is not defined/,
    text: ([, name]) => `cells run in Node, where there is no ${name}; show HTML with a %%html cell.`,
  },
  {
    matches: /^ReferenceError: (\S+) is not defined/,
    text: ([, name]) => `has the cell that declares ${name} been run since the kernel started?`,
  },
  {
    matches: /Cannot find package '([^']+)'/,
    text: ([, name]) => `install it with \`npm install ${name}\` in the notebook's project, then run the cell again.`,
  },
  {
    matches: /Cannot find module '([^']+)'/,
    text: () => "relative imports start from the notebook's folder, whatever the working folder is now.",
  },
  {
    matches: /^TypeError: (?:undefined|null) is not|Cannot read properties of (?:undefined|null)/,
    text: () => "is an `await` missing before the call that made this value?",
  },
];

export function hintFor(error: Error): string | undefined {
  const text = `${error.name}: ${error.message}`;
  for (const { matches, text: write } of HINTS) {
    const match = matches.exec(text);
    if (match) return write(match);
  }
  return undefined;
}
