import { bareType } from "../column-type";
import { columnPlace } from "../foreign-keys";
import { gather, type Gathered } from "../gather";
import type { Rule } from "../rule";
import type { Column, DialectName, Table } from "../../model/schema";

const rule: Rule = {
  summary: "Columns of one name have different types across tables.",
  why: `Columns that are called alike are taken to hold alike: they are compared, joined and copied. Where one \`customer_id\` is \`integer\` and the others are
\`bigint\`, the small one overflows first; where one is \`text\` and the others are \`uuid\`, each join needs a cast, and a cast on the indexed side keeps
PostgreSQL from using the index. The columns that differ from the most are reported.

Lengths and precisions do not count, and neither does \`varchar\` against \`text\`. Left out: enumerated columns, primary keys, foreign keys (their type is
the referenced column's, see [fk/type-mismatch](../fk/type-mismatch.md)), and names that mean something else in each table (\`value\`, \`data\`,
\`status\`, \`external_id\`). Of more than two columns, two thirds must be alike before the name counts as one thing; of a name of one word there must be
four, three quarters of them alike.`,
  severity: "hint",
  bad: {
    drizzle: `import { bigint, integer, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  customerNumber: bigint("customer_number", { mode: "number" }).notNull(),
});

export const invoices = pgTable("invoices", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  customerNumber: integer("customer_number").notNull(),
//^^^^^^^^^^^^^^ invoices.customer_number is integer, but bigint in orders
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id             BigInt @id
  customerNumber BigInt
}

model Invoice {
  id             BigInt @id
  customerNumber Int
//^^^^^^^^^^^^^^ Invoice.customerNumber is integer, but bigint in Order
}
`,
  },
  good: {
    drizzle: `import { bigint, pgTable } from "drizzle-orm/pg-core";

export const orders = pgTable("orders", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  customerNumber: bigint("customer_number", { mode: "number" }).notNull(),
});

export const invoices = pgTable("invoices", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  customerNumber: bigint("customer_number", { mode: "number" }).notNull(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Order {
  id             BigInt @id
  customerNumber BigInt
}

model Invoice {
  id             BigInt @id
  customerNumber BigInt
}
`,
  },
  *checkSchema(schema, context) {
    for (const group of sameNames(schema, context)) {
      const usual = usualOf(group);
      if (!usual) continue;
      const alike: Gathered<Typed>[] = [];
      let count = 0;
      for (const each of group) if (each.value.family === usual && ++count <= 3) alike.push(each);
      const first = alike[0]!;
      const tables = alike.map(({ table }) => table.name.name);
      const where = count > 3 ? `${tables.slice(0, 2).join(", ")} and ${count - 2} more` : tables.join(", ");
      for (const { table, value: { column, family, foreign } } of group) {
        if (family === usual || foreign) continue;
        const at = columnPlace(first.value.column.name, first.table);
        yield {
          message: `${table.name.name}.${column.name} is ${column.type.name}, but ${first.value.column.type.name} in ${where}. Give columns of one name one type.`,
          at: columnPlace(column.name, table),
          related: at ? [{ at, message: `${first.value.column.type.name} here` }] : [],
          table: table.name,
          columns: [column.name],
        };
      }
    }
  },
};

interface Typed {
  readonly column: Column;
  readonly family: string;
  /** Its type follows the referenced column's. */
  readonly foreign: boolean;
}

const sameNames = gather<Typed>({
  classify(table, { dialect }, add) {
    if (table.implicit) return;
    const known = familiesOf(dialect);
    for (const column of table.columns) {
      const family = comparedFamily(column, table, known);
      if (family !== undefined) add(column.name, isForeign(column.name, table) ? foreignFamily(family) : family);
    }
  },
  matters: (classes, name) => classes.length > 1 && !generic.has(wordsOf(name)),
  values(table, { dialect }, name) {
    const values: Typed[] = [];
    const known = familiesOf(dialect);
    for (const column of table.columns) {
      const family = column.name === name ? comparedFamily(column, table, known) : undefined;
      if (family !== undefined) values.push({ column, family, foreign: isForeign(name, table) });
    }
    return values;
  },
});

/** The family of a column's type; undefined where its type need not be that of its namesakes. */
function comparedFamily({ name, type }: Column, table: Table, known: Families): string | undefined {
  const family = type.enum || type.values ? undefined : familyOf(type.name, known);
  const key = table.primaryKey?.columns;
  return key?.length === 1 && key[0] === name ? undefined : family;
}

/** One text for each family, so that comparing classes is comparing pointers. */
function foreignFamily(family: string): string {
  let known = foreignFamilies.get(family);
  if (known === undefined) {
    if (foreignFamilies.size > 1000) foreignFamilies.clear();
    foreignFamilies.set(family, (known = `${family} of another table`));
  }
  return known;
}

const foreignFamilies = new Map<string, string>();

function isForeign(column: string, table: Table): boolean {
  for (const key of table.foreignKeys) if (key.columns.includes(column)) return true;
  return false;
}

/** The type that a name usually has; undefined where the name means several things. */
function usualOf(group: readonly Gathered<Typed>[]): string | undefined {
  const votes = new Map<string, number>();
  for (const { value: { family } } of group) votes.set(family, (votes.get(family) ?? 0) + 1);
  const [usual, count] = [...votes].reduce((best, each) => (each[1] > best[1] ? each : best));
  const oneWord = !wordsOf(group[0]!.value.column.name).includes("_");
  if (oneWord) return group.length >= 4 && count * 4 >= group.length * 3 ? usual : undefined;
  return group.length === 2 || count * 3 >= group.length * 2 ? usual : undefined;
}

/** Names that mean something else in each table. */
const generic = new Set(`id uuid key value values data type kind status state content contents payload config configuration settings options metadata meta params parameters
attributes properties position order rank level count total number code result input output body text message version default min max range size length width
height weight score rating amount price cost rate limit duration period date time start end from to source target reference label name title scope role
external_id entity_id resource_id object_id target_id source_id parent_id reference_id record_id item_id owner_id subject_id actor_id ref_id foreign_id
remote_id old_value new_value default_value old_data new_data raw_data created_by updated_by deleted_by`.split(/\s+/));

/** `externalId` as `external_id`. */
const wordsOf = (name: string) => (/^[a-z0-9_]*$/.test(name) ? name : name.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1_$2").toLowerCase());

/** By type. */
type Families = Map<string, string | undefined>;

const families = new Map<DialectName, Families>();

function familiesOf(dialect: DialectName): Families {
  let known = families.get(dialect);
  if (!known || known.size > 1000) families.set(dialect, (known = new Map()));
  return known;
}

/** Types that hold the same: without length and precision, all strings alike. Undefined where the type cannot be read. */
function familyOf(type: string, known: Families): string | undefined {
  const before = known.get(type);
  if (before !== undefined || known.has(type)) return before;
  const list = type.endsWith("]") ? "[]" : "";
  const bare = bareType(type).toLowerCase().replace(/\s+/g, " ");
  const family = bare === "unknown" || bare === "" || bare === "user-defined" ? undefined
    : /^(character varying|varchar|character|char|bpchar|text|citext|(tiny|medium|long)text|nvarchar|nchar|ntext)$/.test(bare) ? "text"
    : (spellings[bare] ?? bare);
  const found = family === undefined ? undefined : family + list;
  known.set(type, found);
  return found;
}

const spellings: Readonly<Record<string, string>> = {
  serial: "integer", int: "integer", int4: "integer", bigserial: "bigint", int8: "bigint", smallserial: "smallint", int2: "smallint",
  // MySQL's boolean is a tinyint.
  bool: "boolean", tinyint: "boolean", decimal: "numeric", float8: "double precision", float4: "real", timestamp: "timestamp without time zone", timestamptz: "timestamp with time zone",
};

export default rule;
