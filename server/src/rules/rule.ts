// What a rule is: a description and a detection over the model. A rule never knows Drizzle, Prisma, SQL or an editor.
// Its id follows from its file (rules/<group>/<name>.ts), its page in server/docs is generated from it.
import type { Change } from "../model/change";
import type { DatabaseFacts, IndexFacts, TableFacts } from "../model/facts";
import type { Fix, RelatedPlace, Severity } from "../model/finding";
import type { Migration, MigrationFolder, MigrationPart, MigrationStatus, UnrecordedTable } from "../model/migration";
import type { ForeignKey, QualifiedName, SchemaModel, SourceRange, Table } from "../model/schema";
import type { ParsedStatement } from "../sql/parser";

/** One thing that a rule has seen. The engine adds the rule's id, severity and key. */
export interface Detection {
  /** Plain text: names the table and the columns, and says what to do. */
  readonly message: string;
  readonly at?: SourceRange;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
  readonly table?: QualifiedName;
  readonly columns?: readonly string[];
  /** The index or constraint that it is about: part of the key. */
  readonly name?: string;
  /** Another severity than the rule's own, where the rule's description says so. */
  readonly severity?: Severity;
}

/** What a rule may look at besides the table. Reads through it are tracked: a table is checked again only when something that it read has changed. */
export interface RuleContext {
  readonly schema: Pick<SchemaModel, "id" | "source" | "dialect">;
  /** The table of that name, or undefined. */
  table(name: QualifiedName): Table | undefined;
  /** All tables: makes the detection run at each change of any table, so keep it cheap. */
  tables(): readonly Table[];
  /** Keys of other tables (and its own) that reference `name`. */
  referencedBy(name: QualifiedName): readonly { readonly table: Table; readonly foreignKey: ForeignKey }[];
  /** What the connected database knows of the table; undefined without one, or where it has no such table. */
  facts(name: QualifiedName): TableFacts | undefined;
  /** The rule's options from the configuration, its defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What a rule that looks at the whole schema keeps from one check of it to the next, each under an object of its own. It goes with the schema. */
  readonly memory: Map<object, unknown>;
}

/** What a rule may look at that judges a running database. */
export interface DatabaseContext {
  /** The schema as the database has it. */
  readonly model: SchemaModel;
  readonly facts: DatabaseFacts;
  /** The database's table of that name. */
  table(name: QualifiedName): Table | undefined;
  tableFacts(name: QualifiedName): TableFacts | undefined;
  indexFacts(table: QualifiedName, index: string): IndexFacts | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Two schemas that describe one database: two of the code's, found by `findPairs(models, config.pairs)` of compare/pairs, or one of the code's and what the database has. */
export interface SchemaPair {
  readonly left: SchemaModel;
  /** A database's model has no places: what stands only there is reported at the left table's declaration. */
  readonly right: SchemaModel;
  readonly against: "code" | "database";
  /** What would make `left` like `right`: `compare(left, right)`, run once a pair and given to all its rules. */
  readonly changes: readonly Change[];
}

/** What a rule may look at that judges a folder of migrations. */
export interface FolderContext {
  /** The workspace's files; what is read of them is not tracked, so that the rule runs again only with the folder. */
  readonly files: { read(path: string): string | undefined; exists(path: string): boolean; list(glob: string, under?: string): readonly string[] };
  /** The connected databases whose record of the folder was read, each with one line a migration. Empty without a database. */
  readonly databases: readonly { readonly name: string; readonly status: readonly MigrationStatus[] }[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A migration that is not applied yet, taken apart. */
export interface MigrationScript {
  /** What no other migration of it changes, since the script is judged again only with itself and with what it asks of its context. */
  readonly folder: Pick<MigrationFolder, "folder" | "format">;
  readonly migration: Pick<Migration, "id" | "up" | "down" | "irreversible" | "verify">;
  /** The part that is applied; offsets of `statements` are in `part.sql`, which begins at `part.start` of its file. */
  readonly part: MigrationPart;
  /** The whole file, markers and other parts included. */
  readonly text: string;
  readonly statements: readonly ParsedStatement[];
}

/** What a rule may look at besides the script. */
export interface MigrationContext {
  /** The table as it stands before the script: in a connected database, else as far as the folder's earlier migrations or the schema of the code tell. Undefined: not known. */
  table(name: QualifiedName): StandingTable | undefined;
  /** True where it certainly does not stand before the script, so that nobody waits for it: the script makes it, or no connected database has it. */
  isNew(table: QualifiedName): boolean;
  /** The table that an index belongs to, where an earlier migration, the code or a database says so. */
  tableOfIndex(index: QualifiedName): QualifiedName | undefined;
  /** True where an index of the table, or of a key, is known to sort by the column, or to read it. */
  isIndexed(table: QualifiedName, column: string): boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What is known of a table before a script. */
export interface StandingTable {
  readonly partitioned: boolean;
  /** A column's type as it is spelt in SQL, nullability; undefined where it is not known. */
  column(name: string): { readonly type: string | undefined; readonly nullable: boolean | undefined } | undefined;
  /** True where a validated CHECK holds that the column is not NULL, so that SET NOT NULL looks at no row. */
  requires(column: string): boolean;
}

/** A detection in one of a pair's schemas: `at` stands there, the other's place is in `related`. Fixes for the other name it in `Fix.schema`. */
export interface PairDetection extends Detection {
  /** Id of the schema that `at` and `table` belong to. */
  readonly schema: string;
}

/** An option of a rule, as it stands in the configuration beside `severity`. */
export interface RuleOption {
  readonly description: string;
  readonly type: "string" | "number" | "boolean" | "string[]";
  readonly default: unknown;
  /** The setting that counts where the option is not given, before the default. */
  readonly setting?: "indexName";
}

/** A documented example: a Drizzle schema and, where the language can say it, the same in Prisma. Every one is run by the tests: the bad one has findings where its markers say, the good one none of this rule. */
export interface Example {
  readonly drizzle?: string;
  readonly prisma?: string;
  /** Of a rule that judges databases: statements that make one in PostgreSQL. The tests run them; those of a bad example may fail. */
  readonly sql?: string;
  /** Of a rule that judges migrations: a workspace's files by path. Markers in SQL are lines such as `--   ^^^ part of the message`. */
  readonly migrations?: Readonly<Record<string, string>>;
  /** Options that the example is judged with. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Rule {
  /** One line, what it reports. */
  readonly summary: string;
  /** Why it matters and what to do, Markdown, full sentences. */
  readonly why: string;
  readonly severity: Severity | "off";
  /** Of a pair's rule, where the other side is a database and the severity differs there. */
  readonly severityAgainstDatabase?: Severity;
  readonly bad: Example;
  readonly good: Example;
  readonly options?: Readonly<Record<string, RuleOption>>;
  /** Runs for each table. */
  checkTable?(table: Table, context: RuleContext): Iterable<Detection>;
  /** Runs once a schema, at each change. */
  checkSchema?(schema: SchemaModel, context: RuleContext): Iterable<Detection>;
  /** Runs once for each pair of schemas that describe one database, when either has changed. Its examples hold both languages and are checked as one workspace, a pair. The engine adds id, severity and key as for other detections; the finding's schema is the detection's. */
  checkPair?(pair: SchemaPair, options: Readonly<Record<string, unknown>>): Iterable<PairDetection>;
  /** Runs for each folder of migrations for PostgreSQL, when it or what databases record of it has changed. */
  checkFolder?(folder: MigrationFolder, context: FolderContext): Iterable<Detection>;
  /** Runs once a folder of migrations that records what its newest one leaves, with what the code says otherwise. */
  checkUnrecorded?(tables: readonly UnrecordedTable[]): Iterable<PairDetection>;
  /** Runs for each migration for PostgreSQL that is not known to be applied. */
  checkMigration?(script: MigrationScript, context: MigrationContext): Iterable<Detection>;
  /** True for a rule whose `checkTable` judges the tables of a connected database as well, where an index may stand that the code knows nothing of. */
  readonly judgesDatabase?: boolean;
  /** Runs for each table of a connected database whose facts are known. The engine places the detection at the index or table of that name in the code. */
  checkDatabaseTable?(table: Table, context: DatabaseContext): Iterable<Detection>;
}
