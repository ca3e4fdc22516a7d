// Fixes that nobody prefers for the developer, and so are not run with the rules' cases: each is written, and mends.
import assert from "node:assert/strict";
import { defaults } from "../../../server/src/config";
import { openProject } from "../../../server/src/engine";
import { applyEdits, memoryFiles, root } from "../../rules/cases";

const cases: readonly (readonly [title: string, rule: string, text: string, expected: readonly (readonly [fix: string, line: string])[]])[] = [
  [
    "a partial index on the rare value", "index/boolean-key",
    `import { boolean, index, integer, pgTable } from "drizzle-orm/pg-core";

export const jobs = pgTable("jobs", {
  id: integer("id").primaryKey(),
  isDone: boolean("is_done").notNull(),
}, (t) => [
  index("jobs_done_idx").on(t.isDone),
]);
`,
    [
      ["Keep only the rows where is_done is true in the index jobs_done_idx", '  index("jobs_done_idx").on(t.isDone).where(sql`${t.isDone} = true`),'],
      ["Keep only the rows where is_done is false in the index jobs_done_idx", '  index("jobs_done_idx").on(t.isDone).where(sql`${t.isDone} = false`),'],
    ],
  ],
  [
    "NULLs are equal in a unique index", "index/nullable-unique",
    `import { integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  teamId: integer("team_id"),
  name: text("name").notNull(),
}, (t) => [
  uniqueIndex("users_name_key").on(t.teamId, t.name),
]);
`,
    [["Treat NULLs as equal in the unique index users_name_key", '  unique("users_name_key").on(t.teamId, t.name).nullsNotDistinct(),']],
  ],
  [
    "NULLs are equal in a unique constraint", "index/nullable-unique",
    `import { integer, pgTable, text, unique } from "drizzle-orm/pg-core";

export const users = pgTable("users", {
  id: integer("id").primaryKey(),
  teamId: integer("team_id"),
  name: text("name").notNull(),
}, (t) => [
  unique("users_name_key").on(t.teamId, t.name),
]);
`,
    [["Treat NULLs as equal in the unique constraint users_name_key", '  unique("users_name_key").on(t.teamId, t.name).nullsNotDistinct(),']],
  ],
];

describe("fixes to choose from", () => {
  for (const [title, rule, text, expected] of cases)
    it(title, () => {
      const texts = new Map([[`${root}/schema.ts`, text]]);
      const project = openProject(memoryFiles(texts), defaults);
      const finding = project.report().findings.find((each) => each.rule === rule)!;
      assert.deepEqual(finding.fixes.map((fix) => fix.title), expected.map(([fix]) => fix));
      for (const [position, fix] of finding.fixes.entries()) {
        const written = project.write([{ finding, fix }]);
        assert.deepEqual(written.refused, []);
        const edited = applyEdits(texts, written.edits);
        assert.ok(edited.get(`${root}/schema.ts`)!.includes(`\n${expected[position]![1]}\n`), edited.get(`${root}/schema.ts`));
        assert.ok(!openProject(memoryFiles(edited), defaults).report().findings.some((each) => each.key === finding.key));
      }
    });
});
