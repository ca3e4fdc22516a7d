import { columnsOfType } from "../column-type";
import type { Rule } from "../rule";

const rule: Rule = {
  summary: "A column has the type char(n).",
  why: `"Any string you insert into a char(n) field will be padded with spaces to the declared width", and comparisons ignore the padding in ways that
surprise. It is no faster than \`text\` or \`varchar\`, and no better for values of a fixed length: "it will not reject values that are too short"
([Don't use char(n)](https://wiki.postgresql.org/wiki/Don%27t_Do_This#Don.27t_use_char.28n.29)). Use \`text\` or \`varchar(n)\`; a CHECK says that the
length is fixed.`,
  severity: "hint",
  bad: {
    drizzle: `import { char, integer, pgTable } from "drizzle-orm/pg-core";

export const countries = pgTable("countries", {
  id: integer("id").primaryKey(),
  code: char("code", { length: 2 }),
//^^^^ countries.code is character(2)
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Country {
  id   Int    @id
  code String @db.Char(2)
//^^^^ Country.code is character(2)
}
`,
  },
  good: {
    drizzle: `import { integer, pgTable, varchar } from "drizzle-orm/pg-core";

export const countries = pgTable("countries", {
  id: integer("id").primaryKey(),
  code: varchar("code", { length: 2 }),
});
`,
    prisma: `datasource db {
  provider = "postgresql"
}

model Country {
  id   Int    @id
  code String @db.VarChar(2)
}
`,
  },
  checkTable: columnsOfType(["character", "char", "bpchar"], "shorter values are padded with spaces. Use text or varchar."),
};

export default rule;
