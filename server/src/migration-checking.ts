// Runs the rules about migrations: those of a folder over each, those of a script over every migration that is not known to
// be applied, since to edit an applied one would be a mistake. Remembers what was found until a file of the folder, the
// databases or the rules change, so that a keystroke in a schema costs nothing here, and what was found in each script until
// it, or something that its rules asked of what stands before it, changes, so that a keystroke in a script costs only its own.
import { findingKey, toFinding, type ActiveRule, type OnFailure } from "./checking";
import { asSeenBy } from "./compare/searched-schema";
import { createTableFinder, type TableFinder } from "./compare/table-finder";
import type { ConnectedDatabase } from "./database-checking";
import { foldersBeside } from "./migrate/folders/find";
import { migrationStatus } from "./migrate/status";
import { parsedScripts, type OwnedFolder } from "./migration-folders";
import { migrationHistories, type MigrationHistory } from "./migration-history";
import type { Finding } from "./model/finding";
import type { Migration, MigrationFolder, MigrationPart, MigrationStatus } from "./model/migration";
import type { QualifiedName, Table } from "./model/schema";
import type { FolderContext, MigrationContext, MigrationScript, StandingTable } from "./rules/rule";
import { sameTable, tableKey } from "./model/table-key";
import type { Files } from "./sources/source";
import type { ParsedScript, SqlParser } from "./sql/parser";

/** What a door knows of the migrations beyond their files. */
export interface MigrationKnowledge {
  /** Absolute paths of migration files that others have as well, as version control says: they count as applied where no database is asked. A folder without any is not known of. */
  readonly settled?: ReadonlySet<string>;
  /** Absolute paths that the user named: judged whatever is known. */
  readonly named: readonly string[];
}

export interface MigrationFindings {
  readonly findings: readonly Finding[];
  /** The files of the scripts that were judged. */
  readonly judged: readonly string[];
  /** A script waits for PostgreSQL's parser. */
  readonly needsParser: boolean;
}

export interface MigrationChecker {
  check(owned: readonly OwnedFolder[], parser: SqlParser | undefined, databases: readonly ConnectedDatabase[], knowledge: MigrationKnowledge): MigrationFindings;
}

/** Where neither a database nor version control tells which migrations are applied: a folder with more than this many is in use somewhere, and only its newest counts as new. */
const youngFolder = 20;

export function createMigrationChecker(rules: readonly ActiveRule[], files: Files, severityOf: (id: "source/unreadable") => Finding["severity"] | "off", onFailure: OnFailure): MigrationChecker {
  const folderRules = rules.filter(({ rule }) => rule.checkFolder);
  const scriptRules = rules.filter(({ rule }) => rule.checkMigration);
  let scripts: ReturnType<typeof parsedScripts> | undefined;
  /** By folder. */
  const remembered = new Map<string, JudgedScripts>();
  let known: readonly { readonly folder: MigrationFolder; readonly inputs: readonly unknown[]; readonly found: MigrationFindings }[] = [];

  function check(owned: readonly OwnedFolder[], parser: SqlParser | undefined, databases: readonly ConnectedDatabase[], knowledge: MigrationKnowledge): MigrationFindings {
    if (parser) scripts ??= parsedScripts(parser);
    known = owned.map(({ folder, schema }) => {
      const beside = foldersBeside(folder, owned.map((one) => one.folder));
      const inputs = [parser, databases, knowledge.settled, schema?.id, schema?.inSearchedSchema, beside.length, ...beside];
      const before = known.find((one) => one.folder === folder);
      return before?.inputs.every((input, at) => input === inputs[at]) ? before : { folder, inputs, found: checkFolder(folder, beside, schema?.id ?? "", databases.map((one) => asSeenBy(schema, one)), knowledge) };
    });
    return {
      findings: known.flatMap(({ found }) => found.findings),
      judged: known.flatMap(({ found }) => found.judged),
      needsParser: known.some(({ found }) => found.needsParser),
    };
  }

  function checkFolder(folder: MigrationFolder, beside: readonly MigrationFolder[], schema: string, databases: readonly ConnectedDatabase[], { settled, named }: MigrationKnowledge): MigrationFindings {
    const findings: Finding[] = [];
    const recorded = databases.flatMap(({ model, journals }) => (journals ?? []).filter((one) => one.folder === folder.folder).map(({ rows, marker }) => ({ name: model.id, model, rows, status: migrationStatus({ ...folder, beside }, rows, marker) })));
    const contextOf = ({ options }: ActiveRule): FolderContext => ({ files, databases: recorded, options });
    for (const active of folderRules) contain(active, undefined, () => findings.push(...unlike([...active.rule.checkFolder!(folder, contextOf(active))].map((one) => toFinding(active, one, schema)))));
    // An empty record says nothing: the database was made in another way, or is yet to be made.
    const telling = recorded.filter(({ rows }) => rows.length > 0);
    const migrations = folder.dialect !== "postgresql" ? [] : toJudge(folder, telling.map(({ status }) => status), settled, named);
    if (scripts && scriptRules.length > 0) findings.push(...checkScripts(folder, migrations, telling.map(({ model }) => model.tables), schema));
    return { findings, judged: scripts ? migrations.map(({ up }) => up.file) : [], needsParser: !scripts && scriptRules.length > 0 && migrations.length > 0 };
  }

  function checkScripts(folder: MigrationFolder, migrations: readonly Migration[], standing: readonly (readonly Table[])[], schema: string): readonly Finding[] {
    const before = remembered.get(folder.folder);
    const histories = before?.histories ?? migrationHistories();
    const alike = before?.format === folder.format && before.schema === schema && before.standing.length === standing.length && standing.every((one, at) => one === before.standing[at]);
    const scriptsBefore = alike ? before.scripts : new Map<string, JudgedScript>();
    const judged = new Map<string, JudgedScript>();
    let history: MigrationHistory | undefined;
    const historyOf = (): MigrationHistory => (history ??= histories.of(folder.migrations.map(({ up }) => scripts!.parse(up.sql).statements)));
    const finders = standing.map((tables) => createTableFinder(tables));
    const positions = new Map(folder.migrations.map((one, position) => [one, position]));
    for (const migration of migrations) {
      const position = positions.get(migration)!;
      const parsed = scripts!.parse(migration.up.sql);
      const script: MigrationScript = { folder, migration, part: migration.up, statements: parsed.statements, text: files.read(migration.up.file) ?? migration.up.sql };
      const last = scriptsBefore.get(migration.up.file);
      const stays = last && isSameScript(last.script, script) && last.asked.every(({ question, answer }) => answered(question, historyOf(), position) === answer);
      judged.set(migration.up.file, stays ? last : judge(script, parsed, { standing, finders, schema, position, historyOf }));
    }
    scripts!.settle();
    remembered.set(folder.folder, { format: folder.format, schema, standing, histories, scripts: judged });
    return [...judged.values()].flatMap(({ findings }) => findings);
  }

  function judge(script: MigrationScript, { error }: ParsedScript, { standing, finders, schema, position, historyOf }: ScriptSurroundings): JudgedScript {
    const findings: Finding[] = [];
    const asked: Asked[] = [];
    const ask = (of: Question["of"], name: QualifiedName): MigrationHistory => {
      const question: Question = { of, name };
      if (!asked.some((one) => one.question.of === of && sameTable(one.question.name, name))) asked.push({ question, answer: answered(question, historyOf(), position) });
      return historyOf();
    };
    const severity = severityOf("source/unreadable");
    if (error && severity !== "off") findings.push(unreadable(script.migration, error, severity, schema));
    const made = madeBy(script);
    const context: Omit<MigrationContext, "options"> = {
      table: (name) => withHistory(standingIn(finders, name), () => ask("table", name).table(name, position)),
      isNew: (name) => made.has(tableKey(name)) || (finders.length > 0 && finders.every((find) => !find(name))),
      tableOfIndex: (index) => indexOwner(standing, index) ?? ask("index", index).tableOfIndex(index, position),
      isIndexed: (name, column) => finders.some((find) => columnsOfIndexes(find(name)).includes(column)) || ask("indexed", name).indexed(name, position).includes(column),
    };
    for (const active of scriptRules) {
      contain(active, script.part.file, () => {
        const detections = [...active.rule.checkMigration!(script, { ...context, options: active.options })];
        findings.push(...unlike(detections.map((one) => toFinding(active, { ...one, name: `${script.migration.id} ${one.name ?? ""}`.trim() }, schema))));
      });
    }
    return { script, asked, findings };
  }

  function contain(active: ActiveRule, file: string | undefined, run: () => void): void {
    try {
      run();
    } catch (error) {
      onFailure(active.id, file, error);
    }
  }

  return { check };
}

/** What a script is judged by beside itself. */
interface ScriptSurroundings {
  /** The tables of each database whose record tells what is applied. */
  readonly standing: readonly (readonly Table[])[];
  readonly finders: readonly TableFinder<Table>[];
  readonly schema: string;
  readonly position: number;
  historyOf(): MigrationHistory;
}

interface JudgedScript {
  readonly script: MigrationScript;
  /** What its rules asked of the migrations before it. */
  readonly asked: readonly Asked[];
  readonly findings: readonly Finding[];
}

/** What was found in a folder's scripts the last time, by file, and what all of them were judged by. */
interface JudgedScripts extends Pick<ScriptSurroundings, "standing" | "schema"> {
  readonly format: MigrationFolder["format"];
  readonly histories: ReturnType<typeof migrationHistories>;
  readonly scripts: ReadonlyMap<string, JudgedScript>;
}

interface Question {
  readonly of: "table" | "index" | "indexed";
  readonly name: QualifiedName;
}

interface Asked {
  readonly question: Question;
  readonly answer: number | string;
}

/** Equal where the history's answers to the question are. */
function answered({ of, name }: Question, history: MigrationHistory, position: number): number | string {
  if (of === "table") return history.state(name, position);
  return JSON.stringify((of === "index" ? history.tableOfIndex(name, position) : history.indexed(name, position)) ?? null);
}

/** All that rules may look at of a script in one folder. */
function isSameScript(a: MigrationScript, b: MigrationScript): boolean {
  const [one, other] = [a.migration, b.migration];
  return a.text === b.text && one.id === other.id && one.irreversible === other.irreversible && isSamePart(one.up, other.up) && isSamePart(one.down, other.down) && isSamePart(one.verify, other.verify);
}

function isSamePart(a: MigrationPart | undefined, b: MigrationPart | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.file === b.file && a.start === b.start && a.end === b.end && a.sql === b.sql);
}

/** Those that are not known to be applied, in the folder's order. */
function toJudge({ migrations }: MigrationFolder, databases: readonly (readonly MigrationStatus[])[], settled: ReadonlySet<string> | undefined, named: readonly string[]): readonly Migration[] {
  const isNamed = ({ up }: Migration): boolean => named.includes(up.file);
  if (databases.length > 0) {
    const pending = databases.map((status) => new Set(status.filter(({ state }) => state === "pending" || state === "out-of-order").map(({ id }) => id)));
    return migrations.filter((one) => isNamed(one) || pending.every((ids) => ids.has(one.id)));
  }
  if (settled && migrations.some(({ up }) => settled.has(up.file))) return migrations.filter((one) => isNamed(one) || !settled.has(one.up.file));
  return migrations.length <= youngFolder ? migrations : migrations.filter((one, at) => isNamed(one) || at === migrations.length - 1);
}

/** Keys of the tables that the script makes; a table that it renames is known by both names. */
function madeBy({ statements }: MigrationScript): ReadonlySet<string> {
  const made = new Set(statements.flatMap(({ effect }) => effect.creates.map(tableKey)));
  for (const { node } of statements) {
    const rename = node["RenameStmt"] as { readonly renameType?: string; readonly relation?: { readonly schemaname?: string; readonly relname?: string }; readonly newname?: string } | undefined;
    const schema = rename?.relation?.schemaname ?? null;
    if (rename?.renameType === "OBJECT_TABLE" && made.has(tableKey({ schema, name: rename.relation?.relname ?? "" }))) made.add(tableKey({ schema, name: rename.newname ?? "" }));
  }
  return made;
}

/** What a database has, with the checks that migrations before this one are yet to bring. */
function withHistory(standing: StandingTable | undefined, history: () => StandingTable | undefined): StandingTable | undefined {
  if (!standing) return history();
  return { ...standing, requires: (column) => standing.requires(column) || (history()?.requires(column) ?? false) };
}

function standingIn(finders: readonly ((name: QualifiedName) => Table | undefined)[], name: QualifiedName): StandingTable | undefined {
  for (const find of finders) {
    const table = find(name);
    if (!table) continue;
    return {
      partitioned: table.kind === "partitioned table",
      column(wanted) {
        const column = table.columns.find((one) => one.name === wanted);
        return column && { type: column.type.name, nullable: column.nullable };
      },
      requires: (column) => table.checks.some(({ expression, validated }) => validated !== false && requiredColumn(expression.sql) === column),
    };
  }
  return undefined;
}

function columnsOfIndexes(table: Table | undefined): readonly string[] {
  if (!table) return [];
  const { indexes, uniques, primaryKey } = table;
  const ofIndexes = indexes.flatMap(({ keys, where }) => [...keys.flatMap(({ column, expression }) => column ?? expression?.columns ?? []), ...(where?.columns ?? [])]);
  return [...ofIndexes, ...uniques.flatMap(({ columns }) => columns), ...(primaryKey?.columns ?? [])];
}

/** The column of "c IS NOT NULL", as pg_get_expr prints it. */
function requiredColumn(sql: string): string | undefined {
  const [, quoted, bare] = /^\(*\s*(?:"((?:[^"]|"")+)"|(\w+))\s+is\s+not\s+null\s*\)*$/i.exec(sql) ?? [];
  return quoted?.replaceAll('""', '"') ?? bare;
}

function indexOwner(standing: readonly (readonly Table[])[], index: QualifiedName): QualifiedName | undefined {
  return standing.flat().find((table) => (table.name.schema ?? "public") === (index.schema ?? "public") && table.indexes.some(({ name }) => name === index.name))?.name;
}

function unreadable({ id, up }: MigrationScript["migration"], { message, offset }: { readonly message: string; readonly offset: number }, severity: Finding["severity"], schema: string): Finding {
  const rule = "source/unreadable";
  const start = up.start + Math.min(offset, up.sql.length);
  return {
    rule, severity, schema, message: `This is no SQL to PostgreSQL: ${message.replace(/\.?$/, ".")} What stands behind it in this file is not judged.`,
    at: { file: up.file, start, end: Math.min(start + 1, up.end) }, related: [], fixes: [], columns: [], key: findingKey(rule, undefined, [], id),
  };
}

/** Findings that would have one key get different ones, by their order. */
function unlike(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const count = (seen.get(finding.key) ?? 0) + 1;
    seen.set(finding.key, count);
    return count === 1 ? finding : { ...finding, key: findingKey(finding.rule, finding.table, finding.columns, `${finding.name ?? ""} ${count}`) };
  });
}

