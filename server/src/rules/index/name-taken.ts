import { indexNameOf, isMadeByDatabase, primaryKeyNameOf, sequenceNameOf, uniqueNameOf } from "../../indexes/default-name";
import { storedName } from "../../indexes/name-length";
import { shortened } from "../../indexes/naming";
import type { IndexLike } from "../../indexes/redundancy";
import type { DialectName, QualifiedName, SchemaModel, SourceName, SourceRange, Table } from "../../model/schema";
import { gather } from "../gather";
import { indexPlace, keyColumns, namedIndexes, renameFix, type NamedIndex } from "../indexes";
import type { Detection, Rule } from "../rule";

const rule: Rule = {
  summary: "The name of an index is used by another relation of its schema already.",
  why: `Tables, indexes, sequences and views of one PostgreSQL schema share one set of names, and an index always lives in its table's schema: "the name
of the index must be distinct from the name of any other relation (table, sequence, index, view, materialized view, or foreign table) in that schema"
([CREATE INDEX](https://www.postgresql.org/docs/current/sql-createindex.html)). A unique constraint's index bears the constraint's name, so it takes part.
The second \`CREATE INDEX\` of that name fails, or, with \`IF NOT EXISTS\`, silently makes nothing. The names that PostgreSQL makes up itself are taken, too:
\`orders_pkey\` of an unnamed primary key, \`orders_id_seq\` of a serial column, \`orders_number_key\` of an unnamed unique constraint. Names are compared by
the 63 bytes that PostgreSQL keeps. SQLite has the same rule for its indexes and tables; MySQL, SQL Server and CockroachDB name indexes within their table.`,
  severity: "error",
  bad: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("client_idx").on(table.clientId)]);

export const invoices = pgTable("invoices", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("client_idx").on(table.clientId)]);
//             ^^^^^^^^^^^^^^^^^^^ client_idx is taken by an index of orders
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int

  @@index([clientId], map: "client_idx")
}

model Invoice {
  id       Int @id
  clientId Int

  @@index([clientId], map: "client_idx")
//^^^^^^^^^^^^^^^^^^^ client_idx is taken by an index of Order
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("orders_client_idx").on(table.clientId)]);

export const invoices = pgTable("invoices", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull(),
}, (table) => [index("invoices_client_idx").on(table.clientId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id       Int @id
  clientId Int

  @@index([clientId])
}

model Invoice {
  id       Int @id
  clientId Int

  @@index([clientId])
}
`,
  },
  *checkSchema(schema, context) {
    // A database holds no two of one name, and lists the indexes of constraints beside them.
    if (schema.dialect === "mongodb" || schema.source === "database") return;
    let taken: Set<string> | undefined;
    for (const group of namesOf(schema, context)) {
      const firstDeclared = group.find(({ value }) => isDeclared(value.of) && !value.made);
      for (const { table, value } of group) {
        if (!isDeclared(value.of) || value.made) continue;
        // A table keeps its name, then what comes with it; of the others the first one does.
        const keeper = group.find((one) => one.value.of === "table")
          ?? group.find((one) => one.value !== value && (one.value.made ? comesLater(value.of, table, one.table, schema) : !isDeclared(one.value.of)))
          ?? firstDeclared;
        if (!keeper || keeper.value === value) continue;
        taken ??= allNames(schema);
        const to = freeName([table.name.name, ...columnsOf(value.of), value.of.kind === "unique" ? "key" : "idx"].join("_"), taken);
        yield detect(table, { ...value, of: value.of }, keeper.table, keeper.value, to);
      }
    }
  },
};

interface Named {
  readonly name: string;
  readonly of: "table" | "primary key" | { readonly kind: "sequence"; readonly column: string } | Declared;
  /** PostgreSQL makes the name up, and takes another one where this is taken already. */
  readonly made: boolean;
  readonly at?: SourceRange;
}

const isDeclared = (of: Named["of"]): of is Declared => typeof of === "object" && of.kind !== "sequence";

/** Tables are made before their indexes, and a key's name and a sequence before those of the same table's constraints; which of two tables comes first is not known. */
function comesLater(of: Named["of"], table: Table, other: Table, { source }: SchemaModel): boolean {
  return table === other || source === "prisma" || (isDeclared(of) && of.kind === "index");
}

const namesOf = gather<Named>({
  classify(table, { dialect, source }, add) {
    const space = spaceOf(table.name, dialect);
    if (namesTables(dialect)) add(space + kept(table.name.name, dialect), "table");
    if (dialect === "postgresql") {
      const { primaryKey } = table;
      if (primaryKey) add(space + kept(primaryKeyNameOf(primaryKey, table, source, dialect)!, dialect), "primary key");
      for (const column of table.columns) if (column.generated === "serial" || column.generated === "identity") add(space + kept(sequenceNameOf(column, table, source)!, dialect), "sequence");
    }
    if (dialect !== "postgresql" || table.uniques.length > 1) for (const { name } of declared(table, dialect, source)) add(space + kept(name, dialect), "index");
    else {
      // The same without making anything: this is asked of every table.
      for (const unique of table.uniques) add(space + kept(uniqueNameOf(unique, table, source), dialect), "index");
      for (const index of table.indexes) add(space + kept(indexNameOf(index, table, source), dialect), "index");
    }
  },
  matters: (classes) => classes.some(({ name, count }) => name === "index" && (classes.length > 1 || count > 1)),
  values(table, { dialect, source }, key) {
    const space = spaceOf(table.name, dialect);
    const isIt = (name: string) => space + kept(name, dialect) === key;
    const values: Named[] = [];
    const { name } = table.name;
    if (namesTables(dialect) && isIt(name)) values.push({ name, of: "table", made: false, at: table.nameAt ?? table.at });
    if (dialect === "postgresql") for (const one of comingWith(table, source)) if (isIt(one.name)) values.push(one);
    for (const { name, of } of declared(table, dialect, source)) {
      const part = of.kind === "index" ? of.index : of.unique;
      if (isIt(name)) values.push({ name, of, made: isMadeByDatabase(part, table, source, dialect), at: indexPlace(part, table) });
    }
    return values;
  },
});

/** The primary key and the sequences of a table in PostgreSQL. */
function comingWith(table: Table, source: SourceName): readonly Named[] {
  const { primaryKey } = table;
  const found: Named[] = [];
  if (primaryKey) found.push({ name: primaryKeyNameOf(primaryKey, table, source)!, of: "primary key", made: isMadeByDatabase(primaryKey, table, source, "postgresql"), at: primaryKey.at });
  for (const column of table.columns) {
    const name = column.generated === "serial" || column.generated === "identity" ? sequenceNameOf(column, table, source) : undefined;
    if (name !== undefined) found.push({ name, of: { kind: "sequence", column: column.name }, made: column.generated === "serial", at: column.at });
  }
  return found;
}

/** Tables and indexes share one set of names. */
const namesTables = (dialect: DialectName) => dialect === "postgresql" || dialect === "sqlite";

/** The indexes and unique constraints whose names count. */
function declared(table: Table, dialect: DialectName, source: SourceName): readonly NamedIndex[] {
  const all = namedIndexes(table, { source, dialect });
  // Two generated names are alike only where the indexes are: that is index/duplicate's to say.
  const counted = dialect === "postgresql" ? all : all.filter(({ given }) => given);
  if (table.uniques.length < 2) return counted;
  // A unique constraint said twice, of the column and of the table, under one name: the ORM makes it once.
  const made = new Set<string>();
  return counted.filter(({ name, columns, of }) => {
    const identity = of.kind === "unique" ? [name, ...columns].join("\u0000") : undefined;
    return identity === undefined || (!made.has(identity) && made.add(identity));
  });
}

/** What names must be unique in, to stand before a name; empty where most names are. */
function spaceOf(table: QualifiedName, dialect: DialectName): string {
  if (dialect === "sqlite" || (dialect === "postgresql" && (table.schema ?? "public") === "public")) return "";
  return dialect === "postgresql" ? `${table.schema}\u0000` : `${table.schema ?? ""}\u0000${table.name}\u0000`;
}

/** A name as the database keeps it: PostgreSQL cuts it to 63 bytes, the others compare without regard to case. */
function kept(name: string, dialect: DialectName): string {
  if (dialect !== "postgresql") return name.toLowerCase();
  return storedName(name, dialect);
}

type Declared = Exclude<IndexLike, { kind: "primary key" }>;

const columnsOf = (of: Declared) => (of.kind === "unique" ? of.unique.columns : keyColumns(of.index));

/** Names of all tables and indexes, whatever their schema: a new name unlike any of them is free. */
function allNames(schema: SchemaModel): Set<string> {
  return new Set(schema.tables.flatMap((table) => [table.name.name, ...comingWith(table, schema.source).map(({ name }) => name), ...namedIndexes(table, schema).map(({ name }) => name)]));
}

/** The wanted name, or the first of it and a number that is free; it is taken from then on. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = shortened(wanted);
  for (let next = 1; taken.has(name); next++) name = shortened(`${wanted}${next}`);
  taken.add(name);
  return name;
}

function detect(table: Table, { name, of, at }: Named & { readonly of: Declared }, owner: Table, taken: Named, to: string): Detection {
  const by = taken.of === "table" ? `the table ${taken.name}` : `${taken.of === "primary key" ? "the primary key" : taken.of.kind === "sequence" ? `the sequence of ${taken.of.column}` : taken.of.kind === "unique" ? "a unique constraint" : "an index"} of ${owner.name.name}`;
  const cut = taken.name === name ? "" : " (of long names PostgreSQL keeps 63 bytes)";
  return {
    message: `The name ${name} is taken by ${by}${cut}: the database refuses a second one. Rename it.`,
    at,
    related: taken.at ? [{ at: taken.at, message: `${taken.name} stands here` }] : [],
    table: table.name,
    columns: columnsOf(of),
    name,
    fixes: [renameFix(of, to, table, `Rename the ${of.kind === "index" ? "index" : "unique constraint"} to ${to}`)],
  };
}

export default rule;
