// An open Prisma source: remembers the files that it has parsed and the tables that it has made of them.
import type { SchemaReading } from "../../model/finding";
import type { Problem } from "../../model/schema";
import type { Files, SchemaEntry, SourceSession } from "../source";
import { resolvePath } from "./config";
import { discoverSchemas, entryOf, idOf, schemasAmong } from "./discovery";
import { parentOf, prismaMajorFor } from "./facts";
import { parseFile, reparseFile, type ParsedFile } from "./parsed-file";
import { createReader, type SchemaReader } from "./schema-reader";

interface Known {
  readonly reader: SchemaReader;
  parsed?: readonly ParsedFile[];
  reading?: SchemaReading;
}

export function openSession(files: Files): SourceSession {
  const parsed = new Map<string, ParsedFile>();
  const known = new Map<string, Known>();
  const versions = new Map<string, ReturnType<typeof prismaMajorFor>>();
  const configProblems = new Map<string, readonly Problem[]>();

  function parse(file: string): ParsedFile | undefined {
    const before = parsed.get(file);
    if (before) return before;
    const text = files.read(file);
    if (text === undefined) return undefined;
    const now = parseFile(file, text);
    parsed.set(file, now);
    return now;
  }

  function remember(found: readonly { readonly entry: SchemaEntry; readonly problems: readonly Problem[] }[]): readonly SchemaEntry[] {
    for (const { entry, problems } of found) configProblems.set(entry.id, problems);
    return found.map(({ entry }) => entry);
  }

  function versionFor(entry: SchemaEntry): ReturnType<typeof prismaMajorFor> {
    const folder = parentOf(entry.files[0] ?? "");
    let version = versions.get(folder);
    if (!version) versions.set(folder, (version = prismaMajorFor(entry.files[0] ?? "", files)));
    return version;
  }

  function entriesFor(paths: readonly string[]): readonly SchemaEntry[] {
    const named = [...new Set(paths.flatMap((path) => filesAt(path, files)))];
    if (named.length === 0) return [];
    const hasSource = (file: string): boolean => parse(file)?.items.some((item) => item.kind === "datasource") ?? false;
    const sources = named.filter(hasSource).length;
    const discovered = discoverSchemas(files, parse);
    // Only a part of a schema was named: it cannot be read without the rest.
    if (sources === 0) {
      const whole = discovered.find(({ entry }) => named.every((file) => entry.files.includes(file)));
      return whole ? remember([whole]) : [entryOf(named, files)];
    }
    const same = discovered.filter(({ entry }) => entry.files.every((file) => named.includes(file)));
    if (same.length > 0 && named.every((file) => same.some(({ entry }) => entry.files.includes(file)))) return remember(same);
    return sources === 1 ? [entryOf(named, files)] : remember(schemasAmong(named, files, parse));
  }

  function read(entry: SchemaEntry): SchemaReading {
    const key = `${entry.id}\n${entry.config ?? ""}\n${entry.files.join("\n")}`;
    let one = known.get(key);
    if (!one) known.set(key, (one = { reader: createReader(entry) }));
    const list: ParsedFile[] = [];
    const problems: Problem[] = [...(configProblems.get(entry.id) ?? [])];
    for (const file of entry.files) {
      const now = parse(file);
      if (now) list.push(now);
      else problems.push({ message: `${idOf(file, files.root)} cannot be read`, kind: "unreadable" });
    }
    if (one.reading && one.parsed!.length === list.length && list.every((file, at) => file === one.parsed![at]) && versions.has(parentOf(entry.files[0] ?? ""))) return one.reading;
    const version = versionFor(entry);
    const reading = one.reader.read(list, version.major);
    one.parsed = list;
    one.reading = {
      model: reading.model,
      problems: problems.length > 0 ? [...problems, ...reading.problems] : reading.problems,
      dependsOn: [...entry.files, ...(entry.config ? [entry.config] : []), ...version.dependsOn],
    };
    return one.reading;
  }

  return {
    discover: () => remember(discoverSchemas(files, parse)),
    entryFor: (paths) => entriesFor(paths)[0],
    entriesFor,
    changed(file, edits) {
      if (/\/package\.json$/.test(file)) versions.clear();
      const before = parsed.get(file);
      if (!before) return;
      const text = files.read(file);
      if (text === undefined) parsed.delete(file);
      else parsed.set(file, reparseFile(before, text, edits));
    },
    read,
  };
}

/** The .prisma files that a path means: itself, all below a folder, or what a glob matches. */
function filesAt(path: string, files: Files): readonly string[] {
  const absolute = resolvePath(files.root, path);
  if (files.exists(absolute)) return absolute.endsWith(".prisma") ? [absolute] : [];
  if (/[*?{[]/.test(path)) {
    const from = absolute.startsWith(`${files.root}/`) ? absolute.slice(files.root.length + 1) : absolute;
    return files.list(from).filter((file) => file.endsWith(".prisma"));
  }
  return files.list("**/*.prisma", absolute);
}
