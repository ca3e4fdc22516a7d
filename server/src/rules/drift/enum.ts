import { adviceFor, changesOf, fixesToSay, relatedAt, schemaPlace, titleOf } from "../pair";
import type { EnumType, QualifiedName, SchemaModel } from "../../model/schema";
import { sameTable } from "../../model/table-key";
import type { PairDetection, Rule, SchemaPair } from "../rule";

const rule: Rule = {
  summary: "An enum has other values in the other schema of the same database, or stands in one of them only.",
  why: `Two schemas of one database must say the same: the one that is pushed last wins, and the other one's types then promise what the database does not hold. A value that only one side knows fails when the other reads it. The order of the values is not compared.`,
  severity: "warning",
  severityAgainstDatabase: "error",
  bad: {
    drizzle: `import { integer, pgEnum, pgTable } from "drizzle-orm/pg-core";

export const state = pgEnum("state", ["open", "paid"]);
//                   ^^^^^^ the enum state has paid only here and closed only in schema.prisma

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  state: state("state").notNull(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

enum State {
  open
  closed

  @@map("state")
}

model User {
  id    Int   @id
  state State

  @@map("users")
}
`,
  },
  good: {
    drizzle: `import { integer, pgEnum, pgTable } from "drizzle-orm/pg-core";

export const state = pgEnum("state", ["open", "paid"]);

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  state: state("state").notNull(),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

enum State {
  open
  paid

  @@map("state")
}

model User {
  id    Int   @id
  state State

  @@map("users")
}
`,
  },
  *checkPair(pair) {
    for (const change of changesOf(pair, "alter-enum")) {
      const own = enumOf(pair.left, change.name);
      const other = enumOf(pair.right, change.name);
      const only = (values: readonly string[], others: readonly string[]): string => values.filter((value) => !others.includes(value)).join(", ");
      const here = only(change.from, change.to);
      const there = only(change.to, change.from);
      const parts = [...(here === "" ? [] : [`${here} only here`]), ...(there === "" ? [] : [`${there} only in ${titleOf(pair.right)}`])];
      yield { schema: pair.left.id, name: change.name.name, columns: [], at: own?.nameAt ?? own?.at, message: `the enum ${change.name.name} has ${parts.join(" and ")}: give both the values that the database has.`, related: relatedAt(other?.nameAt ?? other?.at, `${change.name.name} in ${titleOf(pair.right)}`),
        fixes: fixesToSay(pair, (of) => `Give the enum ${change.name.name} the values ${(of === "left" ? change.from : change.to).join(", ")}`, [change], [{ ...change, name: other?.name ?? change.name, from: change.to, to: change.from }]) };
    }
    for (const { enum: type } of changesOf(pair, "drop-enum")) yield alone(pair, "left", type);
    for (const { enum: type } of changesOf(pair, "add-enum")) yield alone(pair, "right", type);
  },
};

export default rule;

function enumOf(model: SchemaModel, name: QualifiedName): EnumType | undefined {
  return model.enums.find((type) => sameTable(type.name, name));
}

function alone(pair: SchemaPair, having: "left" | "right", type: EnumType): PairDetection {
  const lacking = having === "left" ? pair.right : pair.left;
  const common = { name: type.name.name, columns: [] };
  if (pair.against === "database" && having === "right") return { ...common, schema: pair.left.id, at: schemaPlace(pair.left), message: `the enum ${type.name.name} stands in ${titleOf(pair.right)} and not here: ${adviceFor(pair, "right")}.`, fixes: [{ title: `Add the enum ${type.name.name}, as in ${titleOf(pair.right)}`, preferred: true, changes: [{ kind: "add-enum", enum: type }], schema: pair.left.id }] };
  return { ...common, schema: pair[having].id, at: type.nameAt ?? type.at, message: `the enum ${type.name.name} stands here and not in ${titleOf(lacking)}: ${adviceFor(pair, having)}.` };
}
