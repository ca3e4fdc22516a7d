// The tables r01 and r02 of test/oracles/fixture.sql. Left out: r01_c_incl, because Drizzle has no INCLUDE.
import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";

export const r01 = pgTable("r01", {
  id: integer("id").primaryKey(),
  a: integer("a"),
  b: integer("b"),
  c: integer("c"),
  name: text("name"),
  nameLong: text("name_long"),
  active: boolean("active"),
}, (t) => [
  index("r01_a").on(t.a),
  index("r01_ab").on(t.a, t.b),
  index("r01_ba").on(t.b, t.a),
  uniqueIndex("r01_ua").on(t.a),
  index("r01_a_part").on(t.a).where(sql`${t.active}`),
  index("r01_lower").on(sql`lower(${t.name})`),
  index("r01_upper").on(sql`upper(${t.name})`),
  index("r01_name").on(t.name),
  index("r01_name_pat").on(t.name.op("text_pattern_ops")),
  index("r01_name_long").on(t.nameLong),
  index("r01_id").on(t.id),
  index("r01_c1").on(t.c),
  index("r01_c2").on(t.c),
  index("r01_c_desc").on(t.c.desc().nullsFirst()),
//^^^^^^^^^^^^^^^^^^^ adds nothing to the index r01_c1 (c), which can be read backwards
  index("r01_c_hash").using("hash", t.c),
]);

export const r02 = pgTable("r02_users_x", {
  id: integer("id").primaryKey(),
  a: integer("a"),
}, (t) => [
  index("users_x").on(t.a),
  index("r02_b").on(t.a),
]);
