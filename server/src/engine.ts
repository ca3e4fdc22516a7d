// The facade: parse, link, run rules, write fixes, compare. Pure but for its own memory of what it has read:
// text comes from `Files`, nothing is written, no clock, no process. Both doors (server.ts, cli.ts) stand on it.
import { activeRules, createChecker, findingKey, type ActiveRule, type Checker } from "./checking";
import { inSpellingOf } from "./compare/expressions/spelling";
import { findPairs, type ModelPair } from "./compare/pairs";
import type { Config } from "./config";
import { asSeenBy } from "./compare/searched-schema";
import { asDescribed, checkDatabase, factsFinder, placedInCode, schemasOf, withoutPartitions, type ConnectedDatabase, type HeldDatabase } from "./database-checking";
import { createMigrationChecker, type MigrationChecker } from "./migration-checking";
import { migrationFolders } from "./migration-folders";
import type { MigrationFolder } from "./model/migration";
import type { Finding, Fix, SchemaReading, Severity } from "./model/finding";
import type { QualifiedName, SchemaModel } from "./model/schema";
import { declaredElsewhere, withoutOthers } from "./other-schemas";
import { createRecordedChecker, type RecordedChecker } from "./recorded-checking";
import { createPairChecker, type ComparedPair, type PairChecker } from "./pair-checking";
import { rules } from "./rules/registry";
import type { Rule } from "./rules/rule";
import { conflictMarker } from "./sources/conflict-marker";
import { sources } from "./sources/registry";
import type { Files, SchemaEntry, Source, SourceSession, TextEdit } from "./sources/source";
import type { SqlParser } from "./sql/parser";
import { applySuppressions, suppressionMemory } from "./suppressions";
import { writeFixes } from "./fixing";

export interface Report {
  readonly schemas: readonly SchemaReading[];
  /** Schemas that describe one database. */
  readonly pairs: readonly ModelPair[];
  /** The connected databases, each with the ids of the code's schemas that it holds. */
  readonly databases: readonly HeldDatabase[];
  /** The folders of migrations for PostgreSQL, each once. */
  readonly folders: readonly MigrationFolder[];
  /** There are migrations to judge, and nobody has called `parseSqlWith`: they are left out. */
  readonly needsSqlParser: boolean;
  /** All findings that no comment suppresses, in order of file, then place; `suppression/unused` and `source/unreadable` among them. */
  readonly findings: readonly Finding[];
  /** Failures of Plumbline itself, contained: a rule or parser that threw. Each is reported once. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  /** The rule's id or the source's name. */
  readonly where: string;
  readonly file?: string;
  readonly error: string;
}

/** Fixes as text. */
export interface WrittenFixes {
  /** Sorted by file and start, not overlapping, against the current texts. */
  readonly edits: readonly TextEdit[];
  /** Fixes that cannot be written into the code safely, with the reason. */
  readonly refused: readonly { readonly fix: Fix; readonly reason: string }[];
}

export interface Project {
  /** `file` has another text, appeared or went. `edits`: the steps, where the caller knows them. */
  changed(file: string, edits?: readonly Omit<TextEdit, "file">[]): void;
  /** The configuration changed. */
  configure(config: Config): void;
  /** What is known of the connected databases; an empty list forgets them. */
  connect(databases: readonly ConnectedDatabase[]): void;
  /** PostgreSQL's parser, which the doors load once a report asks for it. */
  parseSqlWith(parser: SqlParser): void;
  /** Absolute paths of migration files that others have as well, as version control says: they count as applied where no database is asked. */
  settle(files: ReadonlySet<string> | undefined): void;
  /** Reads what changed and runs the rules where something that they read has changed. */
  report(): Report;
  /** What is read of the schemas, without a rule. */
  schemas(): readonly SchemaReading[];
  /** Names that the workspace's other schemas alone declare: a database may hold them as well, and they are none of the schema's with that id. */
  elsewhere(id: string): readonly QualifiedName[];
  /** The workspace's folders of migrations for PostgreSQL, each once. */
  folders(): readonly MigrationFolder[];
  /** Reads the schemas in portions, for a door that waits for something else meanwhile; `schemas` and `report` then find that done. */
  readInSteps(): Iterable<void>;
  /** The text edits of several findings' fixes together: names new indexes by the convention, merges a suggestion that is the prefix of another, writes the paired schema too. */
  write(fixes: readonly { readonly finding: Finding; readonly fix: Fix }[]): WrittenFixes;
}

export interface ProjectOptions {
  /** Schemas from these paths alone (absolute; files, directories, globs) instead of discovery. */
  readonly paths?: readonly string[];
  /** The configuration of a schema (by its own config's or first file's absolute path) where one stands nearer than the workspace's: its rules and index names count. */
  configFor?(file: string): Config | undefined;
}

interface OpenSource {
  readonly source: Source;
  readonly session: SourceSession;
}

export function openProject(files: Files, config: Config, options: ProjectOptions = {}): Project {
  const open: readonly OpenSource[] = sources.map((source) => ({ source, session: source.open(files) }));
  let active: readonly ActiveRule[] = activeRules(rules, config);
  /** Of schemas that have a configuration of their own, by schema id. */
  let configs = new Map<string, Config>();
  let ownActive = new Map<Config, readonly ActiveRule[]>();
  let checkers = new Map<string, Checker>();
  let pairChecker: PairChecker;
  let entries: { readonly entry: SchemaEntry; readonly open: OpenSource }[] | undefined;
  let dependsOn = new Set<string>();
  let current: Report | undefined;
  let databases: readonly ConnectedDatabase[] = [];
  /** What the rules for running databases say, as long as database and rules stay. */
  let ownFindings = new Map<ConnectedDatabase, readonly Finding[]>();
  const folders = migrationFolders(files, () => config.migrations);
  let migrationChecker: MigrationChecker;
  let recordedChecker: RecordedChecker;
  let parser: SqlParser | undefined;
  let settled: ReadonlySet<string> | undefined;
  let recorded = new WeakMap<SchemaReading, SchemaReading>();
  const failures = new Map<string, Failure>();
  const suppressions = suppressionMemory((file) => files.read(file));

  const fail = (where: string, file: string | undefined, error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failures.set(`${where}\n${file}\n${error instanceof Error ? error.message : text}`, { where, file, error: text });
  };

  pairChecker = createPairChecker(active, fail);
  migrationChecker = newMigrationChecker();
  recordedChecker = createRecordedChecker(active, files, fail);

  function newMigrationChecker(): MigrationChecker {
    return createMigrationChecker(active, files, (id) => ownSeverity(id, "information", config), fail);
  }

  function changed(file: string, edits?: readonly Omit<TextEdit, "file">[]): void {
    suppressions.changed(file, edits);
    folders.changed(file, edits !== undefined);
    for (const { source, session } of open) {
      try {
        session.changed(file, edits);
        if (entries && mayChangeEntries(source, session, file)) entries = undefined;
      } catch (error) {
        fail(source.name, file, error);
        entries = undefined;
      }
    }
    current = undefined;
  }

  /** A keystroke in a file that a schema already reads seldom changes the list of schemas, and the source knows when; a config, a new or deleted file, or a new kind of content may. */
  function mayChangeEntries(source: Source, session: SourceSession, file: string): boolean {
    if (/(^|\/)((drizzle|prisma)[^/]*\.config\.[cm]?[jt]s|package\.json|tsconfig[^/]*\.json)$/.test(file)) return true;
    const known = dependsOn.has(file);
    if (known) return !files.exists(file) || (session.changesEntries?.(file) ?? false);
    const text = files.read(file);
    return text !== undefined && source.owns(file, text);
  }

  function findEntries(): { readonly entry: SchemaEntry; readonly open: OpenSource }[] {
    const found: { readonly entry: SchemaEntry; readonly open: OpenSource }[] = [];
    const paths = options.paths ?? config.schemas;
    for (const one of open) {
      try {
        if (paths.length > 0) {
          for (const entry of entriesFor(one.session, paths)) found.push({ entry, open: one });
        } else {
          for (const entry of one.session.discover()) found.push({ entry, open: one });
        }
      } catch (error) {
        fail(one.source.name, undefined, error);
      }
    }
    return found;
  }

  /** The schemas of the paths; of a folder whose direct files hold no table (a project's), those that are found below it. */
  function entriesFor(session: SourceSession, paths: readonly string[]): readonly SchemaEntry[] {
    const one = session.entriesFor ? undefined : session.entryFor(paths);
    const named = session.entriesFor?.(paths) ?? (one ? [one] : []);
    // Below a file there is nothing to look for.
    if (paths.every((path) => files.exists(path)) || named.some((entry) => session.read(entry).model.tables.length > 0)) return named;
    const below = session.discover().filter((entry) => entry.files.some((file) => paths.some((path) => file.startsWith(path.endsWith("/") ? path : `${path}/`))));
    return below.length > 0 ? below : named;
  }

  function rulesFor(own: Config | undefined): readonly ActiveRule[] {
    if (own === undefined) return active;
    let found = ownActive.get(own);
    if (!found) ownActive.set(own, (found = activeRules(rules, own)));
    return found;
  }

  function readingOf(entry: SchemaEntry, source: Source, session: SourceSession): SchemaReading | undefined {
    try {
      return recordedAsSet(session.read(entry));
    } catch (error) {
      fail(source.name, entry.files[0], error);
      return undefined;
    }
  }

  /** With the table in which the settings say that migrations are recorded; the same object for the same reading. */
  function recordedAsSet(reading: SchemaReading): SchemaReading {
    const { table: name, schema } = config.migrations ?? {};
    if (name === undefined) return reading;
    let known = recorded.get(reading);
    if (!known) {
      const { model } = reading;
      recorded.set(reading, (known = { ...reading, model: { ...model, migrationsTable: { schema: schema ?? model.migrationsTable?.schema ?? (model.source === "drizzle" ? "drizzle" : "public"), name } } }));
    }
    return known;
  }

  function* readInSteps(): Iterable<void> {
    entries ??= findEntries();
    for (const { entry, open: { source, session } } of entries) {
      yield;
      try {
        yield* session.readInSteps?.(entry) ?? [];
      } catch (error) {
        fail(source.name, entry.files[0], error);
      }
    }
  }

  function readSchemas(): readonly SchemaReading[] {
    return (entries ??= findEntries()).flatMap(({ entry, open: { source, session } }) => readingOf(entry, source, session) ?? []);
  }

  function report(): Report {
    if (current) return current;
    entries ??= findEntries();
    const schemas: SchemaReading[] = [];
    const findings: Finding[] = [];
    dependsOn = new Set();
    // Where a comment is judged: what the ORM loads, and where a table or a finding stands. Files that were merely looked at on the way differ with what was read before.
    const judged = new Set<string>();
    for (const { entry, open: { source, session } } of entries) {
      const reading = readingOf(entry, source, session);
      if (!reading) continue;
      schemas.push(reading);
      for (const file of reading.dependsOn) dependsOn.add(file);
      for (const file of entry.files) judged.add(file);
      for (const { at } of reading.model.tables) if (at) judged.add(at.file);
      const own = options.configFor?.(entry.config ?? entry.files[0] ?? files.root);
      if (own) configs.set(reading.model.id, own);
      const id = `${source.name}:${entry.id}:${reading.model.inSearchedSchema ?? false}`;
      let checker = checkers.get(id);
      if (!checker) checkers.set(id, (checker = createChecker(rulesFor(own), fail, factsFinder(databases, reading.model))));
      for (const finding of checker.check(reading.model)) findings.push(finding);
      for (const finding of unreadable(reading, own ?? config)) findings.push(finding);
    }
    const models = schemas.map(({ model }) => model);
    const pairs = findPairs(models, config.pairs);
    const compared: ComparedPair[] = pairs.map(([left, right]) => ({ left, right, against: "code" }));
    const owned = contained("migrations", () => folders.of(models)) ?? [];
    const connected = databases.map((database) => ({ database, described: schemasOf(database, models, owned) }));
    for (const { database, described } of connected) for (const left of described) compared.push({ left, right: inSpellingOf(left, withoutOthers(asSeenBy(left, database).model, declaredElsewhere(left, models, config.pairs)), database.printed), against: "database" });
    for (const finding of pairChecker.check(compared)) findings.push(finding);
    for (const { database, described } of connected) for (const finding of findingsIn(asDescribed(database, described), described, findings)) findings.push(finding);
    const migrations = migrationChecker.check(owned, parser, databases, { settled, named: options.paths ?? [] });
    for (const finding of migrations.findings) findings.push(finding);
    for (const finding of recordedChecker.check(owned, schemas)) findings.push(finding);
    for (const file of migrations.judged) judged.add(file);
    for (const { at } of findings) if (at) judged.add(at.file);
    const { kept } = applySuppressions(findings, judged, suppressions.of, {
      known: [...rules.keys(), ...ownRules], ran: new Set([...[active, ...ownActive.values()].flatMap((some) => some.filter(({ rule }) => ran(rule)).map(({ id }) => id)), ...ownRules]), severity: ownSeverity("suppression/unused", "warning", config),
    });
    current = { schemas, pairs, databases: connected.map(({ database, described }) => ({ database, schemas: described.map(({ id }) => id) })), folders: owned.map(({ folder }) => folder), needsSqlParser: migrations.needsParser, findings: inOrder(kept), failures: [...failures.values()] };
    return current;
  }

  function contained<Result>(where: string, run: () => Result): Result | undefined {
    try {
      return run();
    } catch (error) {
      fail(where, undefined, error);
      return undefined;
    }
  }

  /** What the rules say of the database alone, beyond what `known` findings say of the code; of a database that no schema of the code describes, what all rules say of its schema. */
  function findingsIn(database: ConnectedDatabase, described: readonly SchemaModel[], known: readonly Finding[]): readonly Finding[] {
    const id = `${described.length > 0 ? "described" : "undescribed"} database:${database.model.id}`;
    let checker = checkers.get(id);
    if (!checker) checkers.set(id, (checker = createChecker(described.length > 0 ? active.filter(({ rule }) => rule.judgesDatabase) : active, fail, factsFinder([database], database.model))));
    let own = ownFindings.get(database);
    if (!own) ownFindings.set(database, (own = checkDatabase(database, active, fail)));
    const said = new Set(known.map(({ key }) => key));
    return placedInCode([...checker.check(withoutPartitions(database.model)).filter(({ key }) => !said.has(key)), ...own], described);
  }

  /** Whether a rule has seen all that it judges, so that a comment that silences nothing of it is superfluous. */
  function ran(rule: Rule): boolean {
    if (rule.checkMigration) return parser !== undefined;
    return databases.length > 0 || !(rule.checkDatabaseTable || rule.severityAgainstDatabase);
  }

  return {
    changed,
    report,
    readInSteps,
    schemas: readSchemas,
    elsewhere(id) {
      const models = readSchemas().map(({ model }) => model);
      const model = models.find((one) => one.id === id);
      return model ? declaredElsewhere(model, models, config.pairs) : [];
    },
    folders: () => folders.of(readSchemas().map(({ model }) => model)).map(({ folder }) => folder),
    connect(next) {
      databases = next;
      ownFindings = new Map();
      checkers = new Map();
      current = undefined;
    },
    parseSqlWith(loaded) {
      parser = loaded;
      current = undefined;
    },
    settle(next) {
      settled = next;
      current = undefined;
    },
    configure(next) {
      config = next;
      active = activeRules(rules, next);
      configs = new Map();
      ownActive = new Map();
      checkers = new Map();
      ownFindings = new Map();
      pairChecker = createPairChecker(active, fail);
      migrationChecker = newMigrationChecker();
      recordedChecker = createRecordedChecker(active, files, fail);
      folders.forget();
      recorded = new WeakMap();
      entries = undefined;
      current = undefined;
    },
    write: (fixes) => writeFixes(fixes, report(), files, (schema) => configs.get(schema) ?? config),
  };
}

/** Rules without a file of their own: what the engine itself has to say. */
const ownRules = ["source/unreadable", "suppression/unused"] as const;

function ownSeverity(id: (typeof ownRules)[number], usual: Severity, config: Config): Severity | "off" {
  return config.rules[id]?.severity ?? config.rules[`${id.slice(0, id.indexOf("/"))}/*`]?.severity ?? usual;
}

/** What could not be read, as findings at their places. A conflict marker, which no one means to keep, is an error where nothing else is configured. */
function unreadable(reading: SchemaReading, config: Config): readonly Finding[] {
  const id = "source/unreadable";
  return reading.problems.flatMap((problem): readonly Finding[] => {
    const severity = ownSeverity(id, problem.message === conflictMarker ? "error" : "information", config);
    return severity === "off" ? [] : [{
      rule: id, severity, message: problem.message, at: problem.at, related: [], fixes: [], key: findingKey(id, problem.table, [], problem.message),
      schema: reading.model.id, table: problem.table, columns: [],
    }];
  });
}

/** By file, then start, then rule; findings without a place come last. Reads each place once: a place that moves with edits computes where it is. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const placed = findings.map((finding) => ({ finding, rule: finding.rule, file: finding.at?.file, start: finding.at?.start ?? 0 }));
  placed.sort((a, b) => {
    if (a.file !== b.file) return a.file === undefined ? 1 : b.file === undefined ? -1 : a.file < b.file ? -1 : 1;
    return a.file === undefined ? 0 : a.start - b.start || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
  });
  return placed.map(({ finding }) => finding);
}
