import { indexNameOf, uniqueNameOf } from "../../indexes/default-name";
import { fitsPostgres, shortened } from "../../indexes/naming";
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
The second \`CREATE INDEX\` of that name fails, or, with \`IF NOT EXISTS\`, silently makes nothing. Names are compared by the 63 bytes that PostgreSQL
keeps. SQLite has the same rule for its indexes and tables; MySQL, SQL Server and CockroachDB name indexes within their table.`,
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
  *checkSchema(schema) {
    if (schema.dialect === "mongodb") return;
    let taken: Set<string> | undefined;
    for (const group of namesOf(schema)) {
      // A table keeps its name; of the others the first one does.
      const keeper = group.find(({ value }) => value.of === "table") ?? group[0]!;
      for (const { table, value } of group) {
        if (value === keeper.value || value.of === "table" || value.of === "primary key") continue;
        taken ??= allNames(schema);
        const to = freeName([table.name.name, ...columnsOf(value.of), value.of.kind === "unique" ? "key" : "idx"].join("_"), taken);
        yield detect(table, { ...value, of: value.of }, keeper.table, keeper.value, to);
      }
    }
  },
};

interface Named {
  readonly name: string;
  readonly of: "table" | "primary key" | Declared;
  readonly at?: SourceRange;
}

const namesOf = gather<Named>({
  classify(table, { dialect, source }, add) {
    const space = spaceOf(table.name, dialect);
    if (namesTables(dialect)) add(space + kept(table.name.name, dialect), "table");
    if (table.primaryKey?.name !== undefined && dialect === "postgresql") add(space + kept(table.primaryKey.name, dialect), "primary key");
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
    if (namesTables(dialect) && isIt(name)) values.push({ name, of: "table", at: table.nameAt ?? table.at });
    if (table.primaryKey?.name !== undefined && dialect === "postgresql" && isIt(table.primaryKey.name)) values.push({ name: table.primaryKey.name, of: "primary key", at: table.primaryKey.at });
    for (const named of declared(table, dialect, source)) if (isIt(named.name)) values.push({ name: named.name, of: named.of, at: indexPlace(named.of.kind === "index" ? named.of.index : named.of.unique, table) });
    return values;
  },
});

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
  return fitsPostgres(name) ? name : Buffer.from(name, "utf8").subarray(0, 63).toString("utf8");
}

type Declared = Exclude<IndexLike, { kind: "primary key" }>;

const columnsOf = (of: Declared) => (of.kind === "unique" ? of.unique.columns : keyColumns(of.index));

/** Names of all tables and indexes, whatever their schema: a new name unlike any of them is free. */
function allNames(schema: SchemaModel): Set<string> {
  return new Set(schema.tables.flatMap((table) => [table.name.name, ...namedIndexes(table, schema).map(({ name }) => name)]));
}

/** The wanted name, or the first of it and a number that is free; it is taken from then on. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = shortened(wanted);
  for (let next = 1; taken.has(name); next++) name = shortened(`${wanted}${next}`);
  taken.add(name);
  return name;
}

function detect(table: Table, { name, of, at }: Named & { readonly of: Declared }, owner: Table, taken: Named, to: string): Detection {
  const by = taken.of === "table" ? `the table ${taken.name}` : taken.of === "primary key" ? `the primary key of ${owner.name.name}` : `${taken.of.kind === "unique" ? "a unique constraint" : "an index"} of ${owner.name.name}`;
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
