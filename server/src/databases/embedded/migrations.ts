// The SQL files of a migration folder, in the order in which its tool applies them: Drizzle v0 and v1, Prisma, plain
// NNNN_name.up.sql. It reads them for building a database; what was applied where is not its affair.
import type { Files } from "../../sources/source";
import type { Script } from "./protocol";

export type MigrationFormat = "drizzle v0" | "drizzle v1" | "prisma" | "sql";

export interface MigrationFolder {
  readonly folder: string;
  readonly format: MigrationFormat;
  readonly scripts: readonly Script[];
  /** What is wrong with the folder itself, in full sentences: a file that the journal names and that is not there. */
  readonly problems: readonly string[];
}

/** Reads the folder (absolute, with `/`); undefined where it holds no migrations of a known format. */
export function readMigrations(folder: string, files: Pick<Files, "read" | "list">): MigrationFolder | undefined {
  const journal = `${folder}/meta/_journal.json`;
  const text = files.read(journal);
  if (text !== undefined) return journaled(folder, journal, text, files);
  const folders = files.list("*/migration.sql", folder);
  if (folders.length > 0) {
    // Drizzle 1.0 keeps a snapshot beside each.
    const format = files.list("*/snapshot.json", folder).length > 0 ? "drizzle v1" : "prisma";
    return { folder, format, problems: [], scripts: scriptsOf([...folders].sort(byText), files) };
  }
  const plain = files.list("*.sql", folder).filter((file) => !/\.down\.sql$/i.test(file) && /\/\d+[^/]*\.sql$/.test(file));
  return plain.length === 0 ? undefined : { folder, format: "sql", problems: [], scripts: scriptsOf([...plain].sort(byNumber), files) };
}

/** Drizzle v0: the journal says which files count, in which order. */
function journaled(folder: string, journal: string, text: string, files: Pick<Files, "read">): MigrationFolder {
  const problems: string[] = [];
  const scripts: Script[] = [];
  for (const tag of tags(text) ?? []) {
    const file = `${folder}/${tag}.sql`;
    const content = files.read(file);
    if (content === undefined) problems.push(`${journal} names the migration "${tag}", but there is no ${file}. Restore it, or take the entry out of the journal.`);
    else scripts.push({ file, text: content });
  }
  if (tags(text) === undefined) problems.push(`${journal} is no journal of drizzle-kit: expected {"entries": [{"idx": 0, "tag": "0000_name", …}]}.`);
  return { folder, format: "drizzle v0", scripts, problems };
}

function tags(journal: string): readonly string[] | undefined {
  try {
    const { entries } = JSON.parse(journal) as { entries: readonly { idx: number; tag: string }[] };
    return [...entries].sort((a, b) => a.idx - b.idx).map(({ tag }) => tag);
  } catch {
    return undefined;
  }
}

function scriptsOf(paths: readonly string[], files: Pick<Files, "read">): readonly Script[] {
  return paths.flatMap((file) => {
    const text = files.read(file);
    return text === undefined ? [] : [{ file, text }];
  });
}

/** By code units, as both tools sort names that begin with a time. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** 2 comes before 10, however many zeros stand before them. */
function byNumber(a: string, b: string): number {
  const number = (path: string): number => Number(/\/(\d+)[^/]*$/.exec(path)![1]);
  return number(a) - number(b) || byText(a, b);
}
