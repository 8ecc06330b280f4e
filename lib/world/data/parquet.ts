import { parquetRead } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";

/** A table of numeric columns of one length, without nulls. Int32Array is stored as INT32, Float64Array as DOUBLE. */
export type Columns = Record<string, Int32Array | Float64Array>;

/** The table as a Parquet file. */
export function encodeColumns(columns: Columns): Uint8Array {
  const columnData = Object.entries(columns).map(([name, data]) => {
    return { name, data, type: data instanceof Int32Array ? ("INT32" as const) : ("DOUBLE" as const), nullable: false };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** Every column of a Parquet file of numbers, as float64 (exact for INT32 too). */
export async function decodeColumns(bytes: Uint8Array): Promise<Record<string, Float64Array>> {
  const parts: Record<string, { start: number; data: ArrayLike<number> }[]> = {};
  await parquetRead({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    onChunk: ({ columnName, columnData, rowStart }) => {
      parts[columnName] ??= [];
      parts[columnName].push({ start: rowStart, data: columnData as ArrayLike<number> });
    },
  });
  return Object.fromEntries(Object.entries(parts).map(([name, chunks]) => [name, joined(chunks)]));
}

function joined(chunks: { start: number; data: ArrayLike<number> }[]): Float64Array {
  const rows = Math.max(...chunks.map(({ start, data }) => start + data.length));
  const column = new Float64Array(rows);
  for (const { start, data } of chunks) column.set(data, start);
  return column;
}
