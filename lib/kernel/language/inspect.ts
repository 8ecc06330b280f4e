import type TS from "typescript";
import { ts } from "../transform/typescript.ts";
import { scratchModule } from "./complete.ts";
import type { Notebook } from "./notebook.ts";

/** Signature and documentation of what stands at (or just before) the cursor. */
export function inspect(
  notebook: Notebook,
  code: string,
  cursor: number,
): { plain: string; markdown: string } | undefined {
  const module = scratchModule(notebook, code);
  notebook.service.setCells([...notebook.cells.modules.values(), module]);
  const { language } = notebook.service;
  const places = [cursor, cursor - 1, callBefore(code, cursor)].filter((place) => place >= 0);
  for (const place of places) {
    const info = language.getQuickInfoAtPosition(module.fileName, module.offset + place);
    if (info) return describe(info);
  }
  return undefined;
}

/** Inside the brackets of a call, the function is what one wants to know about. */
function callBefore(code: string, cursor: number): number {
  return code.lastIndexOf("(", cursor - 1) - 1;
}

function describe(info: TS.QuickInfo): { plain: string; markdown: string } {
  const signature = signatureOf(ts.displayPartsToString(info.displayParts));
  const documentation = ts.displayPartsToString(info.documentation);
  const tags = (info.tags ?? []).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) }));
  const plainTags = tags.map(({ name, text }) => `@${name} ${text}`);
  const markdownTags = tags.map(({ name, text }) => `- **${name}** ${text}`);
  return {
    plain: [signature, documentation, ...plainTags].filter(Boolean).join("\n"),
    markdown: [`\`\`\`typescript\n${signature}\n\`\`\``, documentation, markdownTags.join("\n")]
      .filter(Boolean)
      .join("\n\n"),
  };
}

/** Names of other cells are imports to the type checker, but not to the person asking. */
function signatureOf(text: string): string {
  return text.replace(/^\(alias\) /, "").replace(/\nimport [^\n]*$/, "");
}
