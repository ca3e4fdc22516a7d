// Every format of a migration folder that Plumbline reads, in the order in which a folder is tried for them.
import { dirname } from "node:path/posix";
import type { MigrationFolder, MigrationFormat } from "../../model/migration";
import { drizzleV0 } from "./drizzle-v0";
import { drizzleV1 } from "./drizzle-v1";
import type { FolderFiles, FolderFormat } from "./folder-format";
import { prisma } from "./prisma";
import { sql } from "./sql";

export const formats: Readonly<Record<MigrationFormat, FolderFormat>> = {
  "drizzle v0": drizzleV0,
  "drizzle v1": drizzleV1,
  prisma,
  sql,
};

/** Reads the folder (absolute, with `/`); undefined where it holds no migrations of a known format. Its problems name files as people see them: "drizzle/0003_add_index.sql". */
export function readFolder(folder: string, files: FolderFiles): MigrationFolder | undefined {
  for (const format of Object.values(formats)) {
    const read = format.read(folder, files);
    if (read) return { ...read, problems: read.problems.map((problem) => ({ ...problem, message: problem.message.replaceAll(`${dirname(folder)}/`, "") })) };
  }
  return undefined;
}
