import { columnCoverage } from "../../indexes/coverage";
import { indexFix } from "../../indexes/suggestion";
import type { Column, Table } from "../../model/schema";
import { columnPlace, columnsOf } from "../foreign-keys";
import { baseOf, isDeclared, polymorphicType, tablesOfType, targetsOf } from "../implied-reference";
import type { Detection, Rule, RuleContext } from "../rule";

const rule: Rule = {
  summary: "A pair of columns that together refer to rows of several tables has no index on both.",
  why: `In a pair such as \`owner_type\`, \`owner_id\` the first column names the table, the second the row. No foreign key can stand on it, so no database
brings an index, and each list of what belongs to one owner reads the whole table. An index on both columns serves it.

Pairs are recognised by their names. A pair is left alone where its id is unique, in a foreign key or a relation, or named like one of the schema's
own tables, and where its name is that of its own table or of something whose type is a mere property (\`event_type\`, \`device_type\`). Where the id is
a uuid or another string, an index on it alone will do.`,
  severity: "information",
  bad: {
    drizzle: `import { integer, pgTable, text } from "drizzle-orm/pg-core";

export const comments = pgTable("comments", {
  id: integer("id").primaryKey(),
  subjectType: text("subject_type").notNull(),
  subjectId: integer("subject_id").notNull(),
//^^^^^^^^^ comments(subject_type, subject_id)
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Comment {
  id          Int    @id
  subjectType String
  subjectId   Int
//^^^^^^^^^ Comment(subjectType, subjectId)
}
`,
  },
  good: {
    drizzle: `import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

export const comments = pgTable("comments", {
  id: integer("id").primaryKey(),
  subjectType: text("subject_type").notNull(),
  subjectId: integer("subject_id").notNull(),
}, (table) => [index("comments_subject_type_subject_id_idx").on(table.subjectType, table.subjectId)]);
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Comment {
  id          Int    @id
  subjectType String
  subjectId   Int

  @@index([subjectType, subjectId])
}
`,
  },
  checkTable(table, context) {
    const detections: Detection[] = [];
    if (table.implicit) return detections;
    for (const { type, id } of typedIds(table)) {
      if (!isPolymorphic(type, id, table, context)) continue;
      const columns = [type.name, id.name];
      const found = columnCoverage(columns, table, context.schema.dialect, context.schema.source);
      if (found.verdict !== "missing" && found.verdict !== "partial") continue;
      if (isUniqueByItself(id) && columnCoverage([id.name], table, context.schema.dialect).verdict === "covered") continue;
      detections.push({
        message: `No index serves a lookup by the pair ${columnsOf(table, columns)}, which refers to rows of several tables. Add an index on both.`,
        at: columnPlace(id.name, table),
        columns,
        fixes: [indexFix(columns, table, context.schema.dialect)],
      });
    }
    return detections;
  },
};

/** Columns that another one may say the table of. */
function typedIds(table: Table): readonly { readonly type: Column; readonly id: Column }[] {
  let found: { readonly type: Column; readonly id: Column }[] | undefined;
  for (const id of table.columns) {
    const type = polymorphicType(id.name, table);
    if (type) (found ??= []).push({ type, id });
  }
  return found ?? none;
}

const none: readonly never[] = [];

/** Things that have a type of their own, so that `x_type` does not name a table. */
const plainThings = /(^|_)(event|device|content|mime|media|file|document|message|mail|email|notification|transaction|payment|invoice|order|token|session|job|task|request|response|client|user|account|card|vehicle|node|connection|integration|webhook|plan|price|asset|model|contract|template|step|doc|tax|id|identity|license|certificate)$/;

/** A uuid or another string tells the row without its type, so an index on it alone will do; a number does not, it occurs once a table. */
const isUniqueByItself = (id: Column) => !/^(big|small|tiny|medium)?(int|serial)|^numeric|^decimal/i.test(id.type.name);

function isPolymorphic(type: Column, id: Column, table: Table, context: RuleContext): boolean {
  const base = baseOf(id.name)!;
  const own = table.name.name.toLowerCase();
  const namesATable = type.type.enum !== undefined || type.type.values !== undefined || /^(text|character|varchar|string|char|citext|nvarchar|enum)/i.test(type.type.name);
  const unique = (columns: readonly string[]) => columns.length === 1 && columns[0] === id.name;
  return namesATable && !/\]$/.test(id.type.name) && !plainThings.test(base) && !own.includes(base) && !isDeclared(id.name, table) && !isDeclared(type.name, table)
    && !unique(table.primaryKey?.columns ?? []) && !table.uniques.some((each) => unique(each.columns)) && !table.indexes.some((each) => each.unique && unique(each.keys.map((key) => key.column ?? "")))
    && targetsOf(base, table, context).length === 0 && (type.type.enum === undefined || tablesOfType(type.type.enum.name, table, context).length === 0);
}

export default rule;
