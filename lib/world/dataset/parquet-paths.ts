/** What is looked at before a Parquet file's columns are read. */
import { type FileMetaData, parquetSchema, type SchemaTree } from "hyparquet";

/**
 * hyparquet begins with one column, and throws at the next one whose name the schema does not have: if the first is damaged as
 * well, nobody hears of its failure, and Node ends.
 * @throws Error naming a column that the schema does not have
 */
export function checkPaths(metadata: FileMetaData): void {
  const schema = parquetSchema(metadata);
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data } of columns) {
      const path = meta_data?.path_in_schema ?? [];
      const found = path.reduce<SchemaTree | undefined>(
        (at, name) => at?.children.find(({ element }) => element.name === name),
        schema,
      );
      if (found === undefined) throw new Error(`the schema has no column ${path.join(".")}`);
    }
  }
}
