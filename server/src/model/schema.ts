// The noun of Plumbline: one database schema as plain readonly data, whatever it was read from.
// Tables refer to each other by name, never by pointer, so that a model can be compared, printed and snapshotted.
import type { SequenceOptions } from "./sequence";

export type SourceName = "drizzle" | "prisma" | "kysely" | "sql" | "database";

/** turso is sqlite, singlestore is mysql; sqlserver and mongodb are read, never written as SQL. */
export type DialectName = "postgresql" | "cockroachdb" | "mysql" | "sqlite" | "sqlserver" | "mongodb";

/** A span of a file: absolute path with `/`, UTF-16 offsets, `end` exclusive. A source may hand out ranges that move with later edits, so read `start` and `end` when they are needed and do not copy them into long-lived state. */
export interface SourceRange {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Where something stands in the code; absent when it was read from a database, or made by Plumbline. */
export interface Located {
  readonly at?: SourceRange;
}

/** `schema` is the database's schema ("public" where PostgreSQL code names none), null for MySQL and SQLite. */
export interface QualifiedName {
  readonly schema: string | null;
  readonly name: string;
  /** What a database calls the schema, where the code that it is told to has another schema of that name (Prisma's `?schema=`). */
  readonly schemaInDatabase?: string;
}

/** A piece of SQL as the code has it, with columns by their quoted database names (`"deleted_at" is null`). */
export interface Expression {
  readonly sql: string;
  /** Database names of the columns that it mentions, as far as they are known. */
  readonly columns: readonly string[];
  /** False where a part could not be read statically; then `sql` shows the source text of that part. */
  readonly complete: boolean;
  /** What the ORM's tool keeps of it in its own records, where that is not `sql`: drizzle-kit has the default 5 as a number, and puts the table before a column's name. */
  readonly recorded?: string | number | boolean;
}

export interface ColumnType {
  /** As PostgreSQL's format_type spells it (`character varying(255)`, `text[]`); for MySQL and SQLite as declared. "unknown" where it cannot be read. */
  readonly name: string;
  /** The enum type, where the column (or its array element) has one. */
  readonly enum?: QualifiedName;
  /** The enum's values come from an object: drizzle-kit 0.31 records no schema of such a type. */
  readonly enumOfObject?: true;
  /** Values of an enumerated column that has no type of its own (MySQL's enum, text with a list of values). */
  readonly values?: readonly string[];
  /** As the ORM's tool spells it in its own records, where that does not follow from `name`: Drizzle's `char`, `numeric(10)`, a custom type's own text. */
  readonly recorded?: string;
}

export interface Column extends Located {
  /** Name in the database. */
  readonly name: string;
  /** Name in the code: Drizzle's property, Prisma's field. */
  readonly property: string;
  readonly type: ColumnType;
  /** As declared: true without NOT NULL. A column of the primary key is never nullable in comparison. */
  readonly nullable: boolean;
  /** Of a generated column, "stored" or "virtual": the expression that it is computed by. */
  readonly default?: Expression;
  /** "stored" and "virtual" are GENERATED ALWAYS AS (…), "identity" and "serial" count up, "client" is filled in by the ORM. */
  readonly generated?: "stored" | "virtual" | "identity" | "serial" | "client";
  /** Of an identity column: whether an INSERT may name another value. Absent: by default. */
  readonly identity?: "always" | "by default";
  readonly collation?: string;
  /** True where `name` is made from `property` by the casing of the config or, in Drizzle 1.0, of the table, and differs from it. */
  readonly cased?: boolean;
  /** Name of the sequence behind an identity or serial column, where the code gives one, or a database has it otherwise than PostgreSQL would name it. */
  readonly sequence?: string;
  /** Of an identity column: what its sequence has otherwise than PostgreSQL's default (`ownSequenceOptions`). */
  readonly sequenceOptions?: Partial<SequenceOptions> | "unread";
  /** `at` is the whole declaration, `nameAt` the property's name. */
  readonly nameAt?: SourceRange;
}

export interface PrimaryKey extends Located {
  readonly name?: string;
  readonly columns: readonly string[];
  /** True where it is declared at its column: some tools name it otherwise then. */
  readonly inline?: boolean;
}

/** Drizzle's unique() and .unique(), Prisma's @unique and @@unique. */
export interface Unique extends Located {
  readonly name?: string;
  readonly columns: readonly string[];
  /** True where it is declared at its column: drizzle-kit 1.0 records another name for it then. */
  readonly atColumn?: boolean;
  readonly nullsNotDistinct?: boolean;
}

export interface IndexKey {
  /** Database name of the column; absent for an expression. */
  readonly column?: string;
  readonly expression?: Expression;
  readonly order: "asc" | "desc";
  /** As the ORM's tool writes it, asked for or not; undefined where it writes nothing, which means the database's default for the order (`nullOrder`). */
  readonly nulls?: "first" | "last";
  /** True where the code does not say `nulls` and the tool does: drizzle-kit writes `.desc()` as DESC NULLS LAST in PostgreSQL. */
  readonly nullsImplied?: boolean;
  readonly operatorClass?: string;
  readonly collation?: string;
  /** MySQL prefix length, in characters. */
  readonly length?: number;
}

export interface Index extends Located {
  /** Name as given in the code; undefined where the ORM makes one up. */
  readonly name?: string;
  /** btree, hash, gin, gist, spgist, brin, hnsw, ivfflat, fulltext, … in lower case. */
  readonly method: string;
  readonly unique: boolean;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly where?: Expression;
  readonly with?: Readonly<Record<string, string>>;
  readonly nullsNotDistinct?: boolean;
  /** The code asks its tool to build it CONCURRENTLY. */
  readonly concurrently?: boolean;
  /** The constraint that owns it, where a database says so. */
  readonly constraint?: "primary key" | "unique" | "exclusion";
  /** False for an index that PostgreSQL marks INVALID or not ready. */
  readonly valid?: boolean;
}

export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

export interface ForeignKey extends Located {
  readonly name?: string;
  readonly columns: readonly string[];
  readonly references: { readonly table: QualifiedName; readonly columns: readonly string[] };
  /** The effective actions, the ORM's defaults filled in. */
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** False for a relation that makes no constraint: relations(), defineRelations(), relationMode = "prisma". */
  readonly enforced: boolean;
  /** False for a key that a database has NOT VALID: rows from before it may break it. */
  readonly validated?: boolean;
  /** When a deferrable key is checked unless a transaction says otherwise; absent: at once, and never later. */
  readonly deferrable?: "initially immediate" | "initially deferred";
}

export interface Check extends Located {
  readonly name?: string;
  readonly expression: Expression;
  /** False for a check that a database has NOT VALID: rows from before it may break it. */
  readonly validated?: boolean;
}

/** An ORM relation (Drizzle's one()/many(), a Prisma relation field), for navigation; what it implies for the database stands in `foreignKeys`. */
export interface Relation extends Located {
  readonly name: string;
  readonly target: QualifiedName;
  readonly many: boolean;
  readonly columns: readonly string[];
  readonly references: readonly string[];
}

export interface Table extends Located {
  readonly name: QualifiedName;
  /** Name in the code: the exported constant, the model. */
  readonly property: string;
  readonly columns: readonly Column[];
  readonly primaryKey?: PrimaryKey;
  readonly uniques: readonly Unique[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  readonly checks: readonly Check[];
  readonly relations: readonly Relation[];
  /** False where a part of its definition could not be read: rules that argue from absence stay silent. */
  readonly complete: boolean;
  /** What a database says it is; absent for an ordinary table. */
  readonly kind?: "partitioned table" | "partition" | "foreign table";
  /** The partitioned table that it is a partition of, or the table that it inherits from. */
  readonly partitionOf?: QualifiedName;
  /** Name of the index that logical replication tells rows apart by, where it is not the primary key's. */
  readonly replicaIdentity?: string;
  /** Names of exclusion constraints and the like that Plumbline does not model but must not reuse. */
  readonly otherNames?: readonly string[];
  /** Absent where row level security is off and there are no policies. */
  readonly rowSecurity?: RowSecurity;
  /** 1 where the table belongs to Drizzle 1.0, whose tool makes up other names than that of 0.x. */
  readonly ormVersion?: 1;
  /** Made by the ORM without a declaration of its own (Prisma's implicit join tables). */
  readonly implicit?: boolean;
  /** Something in the definition that the ORM drops silently, for `schema/ignored-constraint`. */
  readonly ignored?: readonly Ignored[];
  /** `at` is the whole declaration (for Drizzle the statement), `nameAt` the name in it. */
  readonly nameAt?: SourceRange;
}

/** Which rows who may see and write. */
export interface RowSecurity {
  /** Without it policies do nothing; Drizzle's tools turn it on with the first policy. */
  readonly enabled: boolean;
  /** The code turns it on itself, and not only by having a policy. */
  readonly declared?: true;
  readonly policies: readonly Policy[];
}

/** A policy of row level security. */
export interface Policy extends Located {
  /** Empty where it could not be read. */
  readonly name: string;
  readonly as: "permissive" | "restrictive";
  readonly for: "all" | "select" | "insert" | "update" | "delete";
  /** Names of roles in their order; `public`, `current_user`, `current_role` and `session_user` stand for what SQL means by them. */
  readonly to: readonly string[];
  readonly using?: Expression;
  readonly withCheck?: Expression;
  /** False where a part of it could not be read. */
  readonly complete: boolean;
  /** Of a database: the columns that it reads, of its own table and of others. */
  readonly reads?: readonly { readonly table: QualifiedName; readonly column: string }[];
}

/** A piece of a definition that the ORM drops silently: `what` completes "… is dropped by Drizzle". */
export interface Ignored extends Located {
  readonly what: string;
}

export interface EnumType extends Located {
  readonly name: QualifiedName;
  readonly values: readonly string[];
  /** Its values cannot be read from the code, and `values` has none. */
  readonly unread?: boolean;
  readonly property?: string;
  /** `at` is the whole declaration, `nameAt` the name in it. */
  readonly nameAt?: SourceRange;
}

/** A view or materialized view. */
export interface View extends Located {
  readonly name: QualifiedName;
  readonly materialized: boolean;
  /** The query: of a database as PostgreSQL prints it, of code as its ORM writes it. */
  readonly definition: string;
  /** Storage parameters by PostgreSQL's names: `security_barrier`, `fillfactor`. */
  readonly options?: Readonly<Record<string, string>>;
  /** The access method of a materialized view, where that is not heap. */
  readonly using?: string;
  /** Where that is not the database's own. */
  readonly tablespace?: string;
  /** The code makes it without rows. */
  readonly withNoData?: true;
  /** Of code: somebody else makes it. */
  readonly existing?: true;
  /** Names of its columns, in order, where they are known. */
  readonly output?: readonly string[];
  /** Of code for drizzle-kit 0.31: the columns that it records, and which of them it has for a primary key. */
  readonly columns?: readonly Column[];
  readonly key?: readonly string[];
  /** 1 where it belongs to Drizzle 1.0. */
  readonly ormVersion?: 1;
  /** Of a database: the tables and views that it reads, with the columns by which they are in the way of a change. */
  readonly uses?: readonly { readonly name: QualifiedName; readonly columns: readonly string[] }[];
  /** Something that it reads has got another name since `definition` was printed: PostgreSQL prints it otherwise by now, and nobody could make it of that text. */
  readonly outdated?: true;
  /** Of a database: what goes with it when it is dropped. */
  readonly indexes?: readonly ViewIndex[];
  /** Of a database: "privileges", "triggers", "rules", "comments", which go with it too. */
  readonly besides?: readonly string[];
}

/** An index of a materialized view. */
export interface ViewIndex {
  readonly name: string;
  /** `CREATE INDEX …`, as PostgreSQL prints it. */
  readonly definition: string;
  /** Undefined where it has an expression or a predicate. */
  readonly columns?: readonly string[];
}

/** A sequence that no identity or serial column counts by. */
export interface Sequence extends Located {
  readonly name: QualifiedName;
  /** `smallint`, `integer` or `bigint`. */
  readonly type: string;
  /** What it has otherwise than PostgreSQL's default (`ownSequenceOptions`). */
  readonly options?: Partial<SequenceOptions> | "unread";
  /** True where it goes with a column that nevertheless does not count by it. */
  readonly owned?: true;
}

/** A role, which stands on the whole server: https://www.postgresql.org/docs/current/sql-createrole.html */
export interface Role extends Located {
  readonly name: string;
  readonly createDatabase: boolean;
  readonly createRole: boolean;
  readonly inherit: boolean;
  /** Of code: somebody else makes it. */
  readonly existing?: true;
}

/** A domain, as a database has it. */
export interface Domain {
  readonly name: QualifiedName;
  /** As format_type spells it. */
  readonly baseType: string;
  readonly nullable: boolean;
  readonly default?: string;
  /** Each as PostgreSQL prints it: `CHECK (…)`. */
  readonly checks: readonly string[];
}

/** What code declares and Plumbline neither compares nor generates, or cannot read. */
export interface Unmodelled extends Located {
  readonly what: "view" | "materialized view" | "policy" | "role" | "schema" | "extension";
  /** Of a policy the table's; a role, a schema and an extension are in none. The name of a role or a schema is empty where it cannot be read. */
  readonly name: QualifiedName;
  /** Of a policy. */
  readonly policy?: string;
}

export interface SchemaModel {
  /** Stable within the workspace: the path of its file, folder or config, relative to the root; for a database the name of its connection. */
  readonly id: string;
  readonly source: SourceName;
  readonly dialect: DialectName;
  /** Absolute path of the config that names it. */
  readonly config?: string;
  /** Of code: files were named that hold only some of what their config's schema has. What is not here may stand in the others. */
  readonly part?: true;
  /** Of code: the table in which its migrations are recorded, where its config or the settings give it a name of its own. */
  readonly migrationsTable?: QualifiedName;
  /** Of code: what names no schema lies in the one that the connection searches, as in Prisma's schemas without multiSchema; otherwise in public. */
  readonly inSearchedSchema?: true;
  /** Of a database: the schema that its connection searches in place of public, as Prisma's `?schema=` says. */
  readonly searchedSchema?: string;
  /** In order of file, then place. */
  readonly tables: readonly Table[];
  readonly enums: readonly EnumType[];
  /** Of a database, and of code whose language declares them; left out where nothing is known of them. */
  readonly sequences?: readonly Sequence[];
  /** Of a database, and of code whose language declares them, as far as they can be read. */
  readonly views?: readonly View[];
  /** Of Drizzle's code, and of what stands as far as the code has declared it: schemas, `public` apart, whether anything stands in them or not. */
  readonly schemas?: readonly string[];
  /** The same of roles. */
  readonly roles?: readonly Role[];
  /** Of a database alone: sources of code leave them out. */
  readonly domains?: readonly Domain[];
  /** Of code. */
  readonly unmodelled?: readonly Unmodelled[];
  /** Two definitions of one table name: the earlier ones, which the last one hides. */
  readonly hidden?: readonly Table[];
}

/** Something that could not be read for sure, at its place. */
export interface Problem extends Located {
  readonly message: string;
  readonly table?: QualifiedName;
  /** A syntax error, or merely beyond static reading. */
  readonly kind: "syntax" | "unreadable";
}
