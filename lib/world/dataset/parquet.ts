import { parquetMetadata, parquetRead } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { UserError } from "../../util/errors.ts";
import { checkPaths } from "./parquet-paths.ts";

/** A table of numeric columns of one length, without nulls. Int32Array is stored as INT32, Float64Array as DOUBLE. */
export type Columns = Record<string, Int32Array | Float64Array>;

/** The table as a Parquet file. */
export function encodeColumns(columns: Columns): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]) => {
    return { name, data, type: data instanceof Int32Array ? ("INT32" as const) : ("DOUBLE" as const), nullable: false };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

interface Chunk {
  readonly start: number;
  readonly data: ArrayLike<unknown>;
}

const MEND = "write it with numbers alone, none missing, or make it again";

/**
 * Every column of a Parquet file of numbers, as float64 (exact for INT32 too).
 * @param source what to call the file in an error message
 * @throws UserError where it is damaged, or a value is missing or no number
 */
export async function decodeColumns(bytes: Uint8Array, source = "the table"): Promise<Record<string, Float64Array>> {
  const parts = new Map<string, Chunk[]>();
  try {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const metadata = parquetMetadata(file);
    checkPaths(metadata);
    await parquetRead({
      file,
      metadata,
      onChunk: ({ columnName, columnData, rowStart }) => {
        parts.set(columnName, [...(parts.get(columnName) ?? []), { start: rowStart, data: columnData }]);
      },
    });
  } catch (cause) {
    throw new UserError(`${source} is no sound Parquet file: ${(cause as Error).message}`, MEND, { cause });
  }
  return Object.fromEntries([...parts].map(([name, chunks]) => [name, joined(chunks, `${source}, column "${name}"`)]));
}

function joined(chunks: Chunk[], where: string): Float64Array {
  const numbers: number[] = [];
  for (const { start, data } of chunks.sort((a, b) => a.start - b.start)) {
    if (start !== numbers.length) throw new UserError(`${where}: row ${numbers.length + 1} is missing`, MEND);
    for (let i = 0; i < data.length; i++) {
      const value = data[i];
      if (typeof value !== "number") throw new UserError(`${where}: no number in row ${numbers.length + 1}`, MEND);
      numbers.push(value);
    }
  }
  return Float64Array.from(numbers);
}
