// What is found in a folder of migrations after edits in any of them equals what a fresh reading of the same files finds.
import assert from "node:assert/strict";
import { defaults } from "../../../server/src/config";
import type { ConnectedDatabase } from "../../../server/src/database-checking";
import { openProject } from "../../../server/src/engine";
import { loadSqlParser } from "../../../server/src/sql/load";
import type { SqlParser } from "../../../server/src/sql/parser";
import { memoryFiles, root } from "../../rules/cases";

const statements = [
  "create table t (id int primary key, a int, b text);", "drop table t;", "create index t_a on t (a);", "drop index t_a;", "alter table t alter column a type bigint;",
  "alter table t alter column a set not null;", "alter table t rename to u;", "alter table u rename to t;", "alter table t add column c int not null;", "update t set a = 1;",
  "alter table t add constraint t_a_check check (a is not null) not valid;", "this is no sql", "", "create table p (id int) partition by range (id);", "create index p_id on p (id);",
  "create index concurrently if not exists t_b on t (b);", "alter table t alter column b type citext;", "drop index t_b;",
];

describe("migrations as they are typed", () => {
  let parser: SqlParser;
  before(async () => void (parser = await loadSqlParser()));

  /** A database that has a table of the first migration, which it records as applied. */
  const connected: ConnectedDatabase = {
    model: {
      id: "shop", source: "database", dialect: "postgresql", enums: [],
      tables: [{ name: { schema: "public", name: "t" }, property: "t", complete: true, columns: [], uniques: [], foreignKeys: [], indexes: [], checks: [], relations: [] }],
    },
    journals: [{ folder: `${root}/migrations`, rows: [{ id: "0001_m", state: "applied" }] }],
  };

  for (const [where, databases, edits] of [["", [], 300], [" where a database records some as applied", [connected], 100]] as const) it(`are judged as if all were read anew${where}`, () => {
    const files = new Map<string, string>();
    const path = (at: number): string => `${root}/migrations/000${at}_m.up.sql`;
    for (let at = 1; at <= 6; at++) files.set(path(at), statements[at - 1]!);
    const open = () => {
      const project = openProject(memoryFiles(files), defaults);
      project.parseSqlWith(parser);
      project.connect(databases);
      return project;
    };
    const typed = open();
    const found = (project: ReturnType<typeof open>) => project.report().findings.map(({ rule, message, key, at, severity }) => ({ rule, message, key, severity, file: at?.file, start: at?.start, end: at?.end }));
    const seen = new Set<string>();
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let edit = 0; edit < edits; edit++) {
      const number = 1 + random(6);
      // A way back beside a migration changes what is said of the migration.
      const file = edit % 10 === 9 ? path(number).replace(".up.", ".down.") : path(number);
      if (edit % 25 === 24 && files.has(file)) files.delete(file);
      else files.set(file, Array.from({ length: 1 + random(3) }, () => statements[random(statements.length)]!).join("\n"));
      typed.changed(file);
      const now = found(typed);
      assert.deepEqual(now, found(open()), `after edit ${edit} of ${file}`);
      seen.add(JSON.stringify(now));
    }
    assert.ok(seen.size > edits / 2, `${seen.size} different answers`);
  });

  it("are judged again only where the edit is, and where what stands before them is another", () => {
    const path = (at: number): string => `${root}/migrations/00${at}_m.up.sql`;
    const files = new Map([[path(10), "create table t (id int primary key, a int);"], [path(11), "create table other (id int);"]]);
    for (let at = 12; at < 40; at++) files.set(path(at), at % 2 === 0 ? "alter table t alter column a set not null;" : "create index on other (id);");
    const project = openProject(memoryFiles(files), defaults);
    project.parseSqlWith(parser);
    // All but the first are pending.
    project.settle(new Set([path(10)]));
    const filesOf = (edited: string, text: string): readonly string[] => {
      const before = new Set(project.report().findings);
      files.set(edited, text);
      project.changed(edited, [{ start: 0, end: 0, text: "" }]);
      return [...new Set(project.report().findings.filter((one) => !before.has(one)).map(({ at }) => at!.file))];
    };
    const asking = Array.from(files.keys()).filter((file) => file > path(20) && files.get(file)!.includes("alter table t"));
    assert.deepEqual(filesOf(path(20), "alter table t alter column a set not null; -- typed"), [path(20)]);
    assert.deepEqual(filesOf(path(39), "alter table t rename to u;"), [path(39)]);
    assert.deepEqual(filesOf(path(20), "alter table t alter column a set not null;\ncreate index on other (id);"), [path(20)]);
    assert.deepEqual(filesOf(path(20), "alter table t alter column a type bigint;"), [path(20), ...asking]);
  });
});
