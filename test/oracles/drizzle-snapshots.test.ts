// What Plumbline writes into a folder of drizzle-kit 0.31, judged by drizzle-kit itself: its own snapshot of the same
// schema, and its command, which must find nothing to do.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "mocha";
import { schemaSql } from "../../server/src/dialects/dialect";
import { drizzleV0 } from "../../server/src/migrate/folders/drizzle-v0";
import { recordedSchema } from "../../server/src/migrate/folders/drizzle-recorded-schema";
import { findFolder, newFolder } from "../../server/src/migrate/folders/find";
import { differences } from "../../server/src/migrate/generate/differences";
import { generate as madeOf } from "../../server/src/migrate/generate/generate";
import { diskFiles } from "../../server/src/terminal/disk-files";
import { open } from "../../server/src/sources/drizzle/session";

const root = join(__dirname, "../..");
const config = `import { defineConfig } from "drizzle-kit"; export default defineConfig({ dialect: "postgresql", schema: "./schema.ts", out: "./drizzle" });`;
const first = `import { sql, and, eq, isNull } from "drizzle-orm";
import { bigint, bigserial, boolean, char, check, customType, date, foreignKey, geometry, index, integer, interval, json, jsonb, numeric, pgEnum, pgTable, primaryKey, real, serial, smallserial, text, time, timestamp, unique, uniqueIndex, uuid, varchar, bit, vector, point, inet } from "drizzle-orm/pg-core";
const citext = customType<{ data: string }>({ dataType: () => "citext" });
export const state = pgEnum("state", ["open", "closed"]);
export const clients = pgTable("clients", {
  id: serial("id").primaryKey(), name: text("name").notNull().unique(), email: varchar("email", { length: 320 }).default("it's"), age: integer("age").default(18), ok: boolean("ok").default(true).notNull(),
  price: numeric("price", { precision: 10, scale: 2 }).default("1.50"), amount: numeric("amount", { precision: 10 }), any: numeric("any"), code: char("code"), code3: char("code3", { length: 3 }),
  at: timestamp("at", { withTimezone: true, precision: 3 }).defaultNow(), at2: timestamp("at2", { mode: "string", precision: 3 }), at3: timestamp("at3"), t: time("t", { precision: 2 }), tz: time("tz", { withTimezone: true }), d: date("d").defaultNow(),
  iv: interval("iv", { fields: "day to second", precision: 3 }), j: jsonb("j").default({ a: "its", b: [1] }), j2: json("j2").default([]), jn: jsonb("jn").default(5), tags: text("tags").array().default(["a", "b c"]), nums: integer("nums").array().notNull().default([]), grid: integer("grid").array(3).array(),
  st: state("st").default("open"), sts: state("sts").array(), u: uuid("u").defaultRandom(), big: bigint("big", { mode: "number" }).default(7), bigs: bigserial("bigs", { mode: "number" }), smalls: smallserial("smalls"), r: real("r").default(1.5), ct: citext("ct").default("x"), b: bit("b", { dimensions: 3 }), v: vector("v", { dimensions: 3 }), p: point("p"), ip: inet("ip").default(sql\`'127.0.0.1'::inet\`),
  idn: integer("idn").generatedAlwaysAsIdentity(), idb: bigint("idb", { mode: "number" }).generatedByDefaultAsIdentity({ name: "my_seq" }), gen: text("gen").generatedAlwaysAs(sql\`lower(name)\`), gen2: text("gen2").generatedAlwaysAs((): any => sql\`upper(\${clients.name})\`),
}, (t) => [
  index("clients_lower_idx").on(sql\`lower(\${t.name})\`), index().on(t.email, t.age.desc()), uniqueIndex("clients_partial").on(t.email).where(sql\`\${t.age} > 5 and \${t.name} <> 'x'\`), index("w2").on(t.age).where(and(isNull(t.email), eq(t.ok, true))),
  index("ops").using("gin", t.tags), index("ops2").on(t.email.op("varchar_pattern_ops"), t.name.asc().nullsFirst()), index("withs").using("btree", t.age).with({ fillfactor: 70 }), index("conc").on(t.price).concurrently(),
  check("age_check", sql\`\${t.age} > 0\`), check("p_check", sql\`price >= \${0}\`), unique("un").on(t.email, t.age).nullsNotDistinct(), unique().on(t.code, t.code3),
]);
export const links = pgTable("links", { a: integer("a").references(() => clients.id, { onDelete: "cascade" }), b: integer("b").notNull(), c: text("c").unique("cu", { nulls: "not distinct" }) }, (t) => [primaryKey({ columns: [t.a, t.b] }), foreignKey({ columns: [t.b, t.a], foreignColumns: [t.b, t.a], name: "self" }).onUpdate("set null")]);
export const named = pgTable("named", { a: integer("a"), b: integer("b") }, (t) => [primaryKey({ name: "named_key", columns: [t.a, t.b] })]);
export const apart = pgTable("apart", { id: integer("id"), at: geometry("at", { type: "point" }) }, (t) => [primaryKey({ columns: [t.id] })]);
export const apart2 = pgTable("apart2", { id: integer("id") }, (t) => [primaryKey({ name: "apart2_pkey", columns: [t.id] })]);
`;

describe("drizzle-kit 0.31 beside Plumbline", function () {
  this.timeout(60_000);

  it("has the same snapshot of a schema with every construct, which is read back as that schema, and finds nothing to do after each migration", () => {
    const folder = mkdtempSync(join(tmpdir(), "plumbline-kit-"));
    try {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, "drizzle.config.ts"), config);
      const read = (text: string) => {
        writeFileSync(join(folder, "schema.ts"), text);
        const files = diskFiles(folder), session = open(files);
        return { files, model: session.read(session.discover()[0]!).model };
      };
      const generate = (out: string): string => {
        const { stdout, stderr } = spawnSync(process.execPath, [join(root, "node_modules/drizzle-kit/bin.cjs"), "generate", "--name", "kit", ...(out === "" ? [] : ["--dialect", "postgresql", "--schema", "./schema.ts", "--out", out])], { cwd: folder, encoding: "utf8" });
        return stdout + stderr;
      };
      const save = (written: readonly { readonly file: string; readonly text: string }[]): void => {
        for (const { file, text } of written) { mkdirSync(dirname(file), { recursive: true }); writeFileSync(file, text); }
      };
      const now = new Date(Date.UTC(2026, 0, 1));
      const { files, model } = read(first);
      const none = { ...model, tables: [], enums: [] };
      save(drizzleV0.write(newFolder(files, model), [{ name: "First one", up: schemaSql(model)!, down: "the first" }], files, { now, before: none, after: [model] }));
      assert.match(generate("./own"), /Your SQL migration file/);
      const snapshot = (path: string): unknown => ({ ...(JSON.parse(readFileSync(join(folder, path), "utf8")) as object), id: "", prevId: "" });
      assert.deepEqual(snapshot("drizzle/meta/0000_snapshot.json"), snapshot("own/meta/0000_snapshot.json"));
      assert.match(generate(""), /No schema changes, nothing to migrate/);

      const next = read(first.replace(`index("withs")`, `index("added").on(t.at3), index("withs")`).replace(`age: integer("age").default(18)`, `age: integer("age").default(19)`));
      const standing = findFolder(next.files, next.model)!;
      const recorded = recordedSchema(standing, next.files, next.model)!;
      assert.deepEqual(differences(recordedSchema(standing, next.files, model)!, model), []);
      const { migrations, refused, questions } = madeOf({ name: "second", format: "drizzle v0", before: recorded, wanted: next.model });
      assert.deepEqual([refused, questions], [[], []]);
      assert.deepEqual(migrations.flatMap(({ changes }) => changes.map(({ kind }) => kind)), ["alter-column-default", "add-index"]);
      save(drizzleV0.write(standing, migrations, next.files, { now, before: recorded, after: migrations.map((one) => one.after) }));
      assert.match(generate(""), /No schema changes, nothing to migrate/);
      const after = findFolder(diskFiles(folder), next.model)!;
      assert.deepEqual([after.problems, after.migrations.length], [[], 3]);
      assert.ok(after.migrations[0]!.when! < after.migrations[1]!.when!);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
