// A workspace in memory and readings of it, for the tests of the Prisma source.
import assert from "node:assert/strict";
import picomatch from "picomatch";
import type { SchemaReading } from "../../../server/src/model/finding";
import type { Table } from "../../../server/src/model/schema";
import { prisma } from "../../../server/src/sources/prisma";
import type { Files, SourceSession, TextEdit } from "../../../server/src/sources/source";

export const root = "/workspace";
export const schemaPath = `${root}/schema.prisma`;

export interface Workspace {
  readonly texts: Map<string, string>;
  readonly files: Files;
  readonly session: SourceSession;
}

/** A workspace with these files, by path relative to its root. */
export function workspace(contents: Readonly<Record<string, string>>): Workspace {
  const texts = new Map(Object.entries(contents).map(([path, text]) => [`${root}/${path}`, text]));
  const files: Files = {
    root,
    read: (path) => texts.get(path)?.replace(/^\uFEFF/, ""),
    exists: (path) => texts.has(path),
    list: (glob, under = root) => {
      const match = picomatch(glob, { dot: true });
      return [...texts.keys()].filter((path) => path.startsWith(`${under}/`) && match(path.slice(under.length + 1))).sort();
    },
  };
  return { texts, files, session: prisma.open(files) };
}

/** The only schema of the workspace. */
export function readOnly({ session }: Workspace): SchemaReading {
  const entries = session.discover();
  assert.equal(entries.length, 1, `schemas found: ${entries.map((entry) => entry.id).join(", ")}`);
  return session.read(entries[0]!);
}

/** The reading of one file. */
export function readText(text: string): SchemaReading {
  return readOnly(workspace({ "schema.prisma": text }));
}

/** The table of that database name. */
export function tableOf(reading: SchemaReading, name: string): Table {
  const table = reading.model.tables.find((one) => one.name.name === name);
  assert.ok(table, `no table ${name} among ${reading.model.tables.map((one) => one.name.name).join(", ")}`);
  return table;
}

/** The text of a file with `edits`, which are in offsets of `text`. */
export function applied(text: string, edits: readonly Omit<TextEdit, "file">[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.start - a.start)) result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  return result;
}

export const postgres = 'datasource db {\n  provider = "postgresql"\n}\n\n';
export const preview = 'generator client {\n  provider        = "prisma-client"\n  output          = "./client"\n  previewFeatures = ["partialIndexes", "views", "postgresqlExtensions"]\n}\n\n';
