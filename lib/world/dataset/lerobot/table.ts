/** Parquet tables as LeRobot has them: numbers, text, lists and pictures. */
import { existsSync } from "node:fs";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { UserError } from "../../../util/errors.ts";
import { checkPaths } from "../parquet-paths.ts";

export type Kind = "int64" | "float32" | "float64" | "text";

/** A column: plain values, lists of so many dimensions of them, or pictures in files. */
export type Column =
  | { readonly kind: Kind; readonly depth?: number; readonly values: readonly unknown[] }
  | { readonly kind: "picture"; readonly values: readonly { bytes: Uint8Array; path: string }[] };

const TYPES: Record<Kind, Omit<SchemaElement, "name">> = {
  int64: { type: "INT64" },
  float32: { type: "FLOAT" },
  float64: { type: "DOUBLE" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
};

/** The schema of a column, its groups before what is in them. */
function schemaOf(name: string, column: Column): SchemaElement[] {
  if (column.kind === "picture")
    return [
      { name, num_children: 2, repetition_type: "OPTIONAL" },
      { name: "bytes", type: "BYTE_ARRAY", repetition_type: "OPTIONAL" },
      { name: "path", ...TYPES.text, repetition_type: "OPTIONAL" },
    ];
  const { kind, depth = 0 } = column;
  if (depth === 0) return [{ name, ...TYPES[kind], repetition_type: "OPTIONAL" }];
  return [
    { name, converted_type: "LIST", logical_type: { type: "LIST" }, num_children: 1, repetition_type: "OPTIONAL" },
    { name: "list", num_children: 1, repetition_type: "REPEATED" },
    ...schemaOf("element", { ...column, depth: depth - 1 }),
  ];
}

/** Whole numbers of 64 bits are BigInt to the library. */
function stored(value: unknown, kind: Column["kind"]): unknown {
  if (Array.isArray(value)) return value.map((part) => stored(part, kind));
  return kind === "int64" ? BigInt(value as number) : value;
}

/** @param metadata key-value pairs of the file */
export function encodeTable(
  columns: Readonly<Record<string, Column>>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const names = Object.entries(columns);
  const columnData = names.map(([name, { kind, values }]) => ({
    name,
    data: values.map((value) => stored(value, kind)),
  }));
  const schema = [
    { name: "schema", num_children: names.length },
    ...names.flatMap(([name, column]) => schemaOf(name, column)),
  ];
  const kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, kvMetadata }));
}

export type TableRow = Record<string, unknown>;

/**
 * Rows of a table.
 * @param columns to read, all where not given
 * @throws UserError where the file is missing or damaged
 */
export async function readTable(
  path: string,
  columns?: readonly string[],
  [rowStart, rowEnd]: readonly [number?, number?] = [],
): Promise<TableRow[]> {
  if (!existsSync(path)) throw new UserError(`${path} is missing`, "download the set again");
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    checkPaths(metadata);
    const options = { file, metadata, columns: columns && [...columns], rowStart, rowEnd, utf8: false };
    return ((await parquetReadObjects(options)) as TableRow[]).map(plain);
  } catch (cause) {
    throw new UserError(
      `${path} cannot be read: ${(cause as Error).message}`,
      "download the set again, or write it anew",
      {
        cause,
      },
    );
  }
}

const plain = (row: TableRow): TableRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
  );
