import type TS from "typescript";
import { ts } from "./typescript.ts";

export interface Problem {
  message: string;
  /** TypeScript's error number. */
  code: number;
  /** UTF-16 offsets into the cell. */
  start: number;
  end: number;
}

/** Parses text as an ES module even when it neither imports nor exports, so that `await` is a keyword everywhere. */
export function parseModule(fileName: string, text: string, kind: TS.ScriptKind = ts.ScriptKind.TS): TS.SourceFile {
  return ts.createSourceFile(
    fileName,
    text,
    {
      languageVersion: ts.ScriptTarget.ESNext,
      setExternalModuleIndicator: (file) => {
        (file as { externalModuleIndicator?: unknown }).externalModuleIndicator = true;
      },
    },
    true,
    kind,
  );
}

/** In JavaScript there may be JSX anywhere. */
export function scriptKind(fileName: string): TS.ScriptKind {
  if (/\.tsx$/.test(fileName)) return ts.ScriptKind.TSX;
  if (/ts$/.test(fileName)) return ts.ScriptKind.TS;
  return ts.ScriptKind.JSX;
}

/** Errors of the parse itself; a file with none of these can be run. */
export function syntaxProblems(source: TS.SourceFile): Problem[] {
  const { parseDiagnostics } = source as unknown as { parseDiagnostics: TS.DiagnosticWithLocation[] };
  return parseDiagnostics.map(toProblem);
}

export function toProblem(diagnostic: TS.Diagnostic): Problem {
  const start = diagnostic.start ?? 0;
  return {
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    code: diagnostic.code,
    start,
    end: start + (diagnostic.length ?? 0),
  };
}
