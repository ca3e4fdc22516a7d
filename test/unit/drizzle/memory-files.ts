// An in-memory workspace, and the shortest ways from sources to a model.
import picomatch from "picomatch";
import type { SchemaReading } from "../../../server/src/model/finding";
import type { Table } from "../../../server/src/model/schema";
import { open } from "../../../server/src/sources/drizzle/session";
import type { Files, SourceSession } from "../../../server/src/sources/source";

export interface Workspace {
  readonly files: Files;
  readonly texts: Map<string, string>;
  readonly session: SourceSession;
}

/** A workspace at /w with these files, by their paths in it. */
export function workspace(texts: Readonly<Record<string, string>>): Workspace {
  const map = new Map(Object.entries(texts).map(([path, text]) => [path.startsWith("/") ? path : `/w/${path}`, text]));
  const files: Files = {
    root: "/w",
    read: (path) => map.get(path),
    exists: (path) => map.has(path),
    list: (glob, under = "/w") => {
      const matches = picomatch(glob, { dot: false });
      return [...map.keys()].filter((path) => path.startsWith(`${under}/`) && !path.includes("/node_modules/") && matches(path.slice(under.length + 1))).sort();
    },
  };
  return { files, texts: map, session: open(files) };
}

/** Reads the schema of `paths` (default: schema.ts). */
export function readFiles(texts: Readonly<Record<string, string>>, ...paths: readonly string[]): SchemaReading {
  const { session } = workspace(texts);
  const entry = session.entryFor((paths.length > 0 ? paths : ["schema.ts"]).map((path) => `/w/${path}`));
  if (!entry) throw new Error("no schema was found");
  return session.read(entry);
}

export function tableOf(reading: SchemaReading, name: string): Table {
  const table = reading.model.tables.find((one) => one.name.name === name);
  if (!table) throw new Error(`no table ${name} among ${reading.model.tables.map((one) => one.name.name).join(", ")}; ${reading.problems.map((problem) => problem.message).join("; ")}`);
  return table;
}

/** `a -> other(b) cascade`, sorted, unenforced ones in brackets. */
export function keysOf(table: Table): readonly string[] {
  return table.foreignKeys.map((key) => {
    const text = `${key.columns.join(",")} -> ${key.references.table.name}(${key.references.columns.join(",")})${key.onDelete === "no action" ? "" : ` ${key.onDelete}`}`;
    return key.enforced ? text : `[${text}]`;
  }).sort();
}

export function indexesOf(table: Table): readonly string[] {
  return table.indexes.map((index) => `${index.unique ? "unique " : ""}${index.name ?? "-"} ${index.method}(${index.keys.map((key) =>
    (key.column ?? `{${key.expression?.sql}}`) + (key.operatorClass ? ` ${key.operatorClass}` : "") + (key.order === "desc" ? " desc" : "") + (key.nulls ? ` nulls ${key.nulls}` : "")).join(", ")})${index.where ? ` where ${index.where.sql}` : ""}`);
}
