// An open workspace: finds its Drizzle schemas and reads them again after edits, at the cost of what changed.
import type { Problem } from "../../model/schema";
import type { Files, SchemaEntry, SourceSession } from "../source";
import { configFiles, expandPath, migrationsTableOf, readConfig } from "./configs";
import { normalizePath } from "./known-modules";
import { changeFile, compute, createMachine } from "./machine";
import { newMemory, readSchema, readSteps, type SchemaMemory } from "./read-schema";
import { directoryOf } from "./resolve";
import { newMemo } from "./slot";
import { dialectOf, type Family } from "./values";

const noProblems: readonly Problem[] = [];

/** True where the text may hold a part of a Drizzle schema or its config. */
export function owns(file: string, text: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(file) && /\bdrizzle-(orm|kit)\b/.test(text);
}

export function open(files: Files): SourceSession {
  const machine = createMachine(files);
  const memories = new Map<string, SchemaMemory>();
  const configProblems = new Map<string, readonly Problem[]>();
  /** What the configs were read from: in doubt once one of their values has changed. */
  const configsRead = newMemo<SchemaEntry[]>();
  /** What each file was that content was asked for. */
  const contents = new Map<string, Content>();

  function entriesFromConfigs(): SchemaEntry[] {
    configsRead.state = "stale";
    return compute(machine, configsRead, fromConfigs);
  }

  function contentOf(file: string): Content {
    const content = contentIn(file, files.read(file) ?? "");
    contents.set(file, content);
    return content;
  }

  function fromConfigs(): SchemaEntry[] {
    const entries: SchemaEntry[] = [];
    const seen = new Set<string>();
    configProblems.clear();
    for (const config of configFiles(files)) {
      const reading = readConfig(machine, config);
      if (!reading) continue;
      const key = JSON.stringify([reading.files, reading.dialect]);
      if (reading.files.length > 0 && seen.has(key)) continue;
      seen.add(key);
      configProblems.set(config, reading.problems);
      const single = reading.files.length === 1 ? reading.files[0]! : config;
      entries.push({ id: relative(files.root, single), source: "drizzle", files: reading.files, config, dialect: reading.dialect, casing: reading.casing, migrationsTable: migrationsTableOf(machine, config) });
    }
    return unique(entries);
  }

  function memoryOf(entry: SchemaEntry): SchemaMemory {
    const key = `${entry.id}\n${entry.casing}\n${entry.dialect}\n${JSON.stringify(entry.migrationsTable)}`;
    let memory = memories.get(key);
    if (!memory) memories.set(key, (memory = newMemory()));
    return memory;
  }

  /** The one config whose schema takes tables from those files, through a barrel that it names in their stead. */
  function exporting(entries: readonly SchemaEntry[], paths: readonly string[]): SchemaEntry | undefined {
    const wanted = new Set(paths);
    const holding = entries.filter((entry) => readSchema(machine, entry, memoryOf(entry), []).model.tables.some(({ at }) => at && wanted.has(at.file)));
    return holding.length === 1 ? holding[0] : undefined;
  }

  return {
    discover() {
      contents.clear();
      const entries = entriesFromConfigs();
      return entries.length > 0 ? entries : fromContent(files, contentOf);
    },
    entryFor(paths) {
      const found = [...new Set(paths.flatMap((path) => expandPath(files, normalizePath(path))))];
      if (found.length === 0) return undefined;
      const read = found.map(contentOf);
      const dialects = new Set(read.flatMap(({ family }) => (family ? [dialectOf[family]] : [])));
      const configured = entriesFromConfigs().filter(({ dialect }) => !dialect || dialects.size === 0 || dialects.has(dialect));
      const config = bestConfig(configured, found);
      const whole = config ?? exporting(configured, found);
      const { dialect, casing } = whole ?? {};
      const entry: SchemaEntry = {
        id: paths.length === 1 ? relative(files.root, normalizePath(paths[0]!)) : config ? relative(files.root, config.config!) : relative(files.root, found[0]!),
        source: "drizzle", files: found, config: config?.config, dialect, casing, migrationsTable: config?.migrationsTable,
        ...(whole?.files.some((file) => !found.includes(file)) && { part: true }),
      };
      if (read.some((content) => content.owned)) return entry;
      // A barrel names no package of Drizzle's itself.
      return readSchema(machine, entry, newMemory(), []).model.tables.length > 0 ? entry : undefined;
    },
    changed(file, edits) {
      changeFile(machine, file, edits);
    },
    changesEntries(file) {
      if ((configsRead.value && configsRead.state !== "done") || configProblems.has(file)) return true;
      const before = contents.get(file);
      if (!before) return false;
      const now = contentIn(file, files.read(file) ?? "");
      return now.owned !== before.owned || now.family !== before.family || now.makesTables !== before.makesTables;
    },
    read: (entry) => readSchema(machine, entry, memoryOf(entry), (entry.config && configProblems.get(entry.config)) || noProblems),
    readInSteps: (entry) => readSteps(machine, entry, memoryOf(entry)),
  };
}

/** The config whose schema shares the most files with those. */
function bestConfig(entries: readonly SchemaEntry[], files: readonly string[]): SchemaEntry | undefined {
  const wanted = new Set(files);
  let best: SchemaEntry | undefined, most = 0;
  for (const entry of entries) {
    const shared = entry.files.filter((file) => wanted.has(file)).length;
    if (shared > most) { best = entry; most = shared; }
  }
  return best;
}

const tableCall = /\b(pg|mysql|sqlite|singlestore|gel|mssql|cockroach)Table(Creator)?\b|\b(pg|mysql|singlestore|gel|mssql|cockroach)Schema\b|\b(snakeCase|camelCase)\.table\b/;
const tableModule = /drizzle-orm\/(pg|mysql|sqlite|singlestore|gel|mssql|cockroach)-core/;

/** What the text of a file says before it is read. */
interface Content {
  readonly owned: boolean;
  readonly family?: Family;
  readonly makesTables: boolean;
}

function contentIn(file: string, text: string): Content {
  const owned = owns(file, text);
  return { owned, family: owned ? (tableModule.exec(text)?.[1] as Family | undefined) : undefined, makesTables: owned && tableCall.test(text) };
}

/** Where no config says what the schema is: the files that make tables, together for each package and dialect. */
function fromContent(files: Files, contentOf: (file: string) => Content): readonly SchemaEntry[] {
  const groups = new Map<string, { directory: string; family: string; files: string[] }>();
  for (const file of files.list("**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx}")) {
    if (/\.d\.[cm]?ts$|\.(test|spec)\.[cm]?[jt]sx?$|\/(__tests__|__mocks__|tests?)\//.test(file.slice(files.root.length))) continue;
    const { family, makesTables } = contentOf(file);
    if (!family || !makesTables) continue;
    const directory = packageDirectory(files, file);
    const key = `${directory}\n${family}`;
    const group = groups.get(key);
    if (group) group.files.push(file);
    else groups.set(key, { directory, family, files: [file] });
  }
  return unique([...groups.values()].map((group) => ({
    id: relative(files.root, group.files.length === 1 ? group.files[0]! : group.directory), source: "drizzle" as const, files: group.files,
  })));
}

function packageDirectory(files: Files, file: string): string {
  for (let at = directoryOf(file); at.length > files.root.length; at = directoryOf(at)) if (files.exists(`${at}/package.json`)) return at;
  return files.root;
}

/** Ids made different where two schemas would share one. */
function unique(entries: readonly SchemaEntry[]): SchemaEntry[] {
  const taken = new Set<string>();
  return entries.map((entry) => {
    let { id } = entry;
    if (taken.has(id)) id = entry.config ? relative(directoryOf(entry.config), entry.config) === id ? `${id}#2` : `${id} (${entry.config.slice(entry.config.lastIndexOf("/") + 1)})` : `${id}#2`;
    for (let i = 3; taken.has(id); i++) id = `${entry.id}#${i}`;
    taken.add(id);
    return { ...entry, id };
  });
}

export function relative(root: string, path: string): string {
  if (path === root) return ".";
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  const a = root.split("/"), b = path.split("/");
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
}

