// Reads the schemas of these tests with the Drizzle source itself, and applies edits to text.
import type { SchemaReading } from "../../../server/src/model/finding";
import type { SchemaModel } from "../../../server/src/model/schema";
import { drizzle } from "../../../server/src/sources/drizzle";
import type { Files, TextEdit } from "../../../server/src/sources/source";

export const root = "/project";

export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const absolute = new Map(Object.entries(texts).map(([path, text]) => [`${root}/${path}`, text]));
  return {
    root,
    read: (path) => absolute.get(path),
    exists: (path) => absolute.has(path),
    list: () => [...absolute.keys()],
  };
}

export function applied(texts: Readonly<Record<string, string>>, edits: readonly TextEdit[]): Record<string, string> {
  const result = { ...texts };
  for (const edit of [...edits].sort((a, b) => b.start - a.start)) {
    const path = edit.file.slice(root.length + 1);
    const text = result[path]!;
    result[path] = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  return result;
}

export function readingOf(texts: Readonly<Record<string, string>>, dialect: SchemaModel["dialect"] = "postgresql"): SchemaReading {
  const files = Object.keys(texts).filter((path) => /\.[jt]s$/.test(path)).map((path) => `${root}/${path}`);
  return drizzle.open(filesOf(texts)).read({ id: "schema", source: "drizzle", files, dialect });
}

export function schemaOf(texts: Readonly<Record<string, string>>, dialect?: SchemaModel["dialect"]): SchemaModel {
  return readingOf(texts, dialect).model;
}
