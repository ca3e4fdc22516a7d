import { foreignKey, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", { id: integer("id").primaryKey(), tenant: integer("tenant") });
export const others = pgTable("others", { id: integer("id").primaryKey() });
export const pairs = pgTable("pairs", { a: integer("a"), b: integer("b") }, (t) => [primaryKey({ columns: [t.a, t.b] })]);

// Two targets, or other columns: not the same key.
export const twoTargets = pgTable("two_targets", { id: integer("id").references(() => clients.id) }, (t) => [foreignKey({ columns: [t.id], foreignColumns: [others.id] })]);
export const crossed = pgTable("crossed", { x: integer("x"), y: integer("y") }, (t) => [
  foreignKey({ name: "one", columns: [t.x, t.y], foreignColumns: [pairs.a, pairs.b] }),
  foreignKey({ name: "two", columns: [t.x, t.y], foreignColumns: [pairs.b, pairs.a] }),
]);

export const permuted = pgTable("permuted", { x: integer("x"), y: integer("y") }, (t) => [
  foreignKey({ name: "first", columns: [t.x, t.y], foreignColumns: [pairs.a, pairs.b] }),
  foreignKey({ name: "second", columns: [t.y, t.x], foreignColumns: [pairs.b, pairs.a] }).onDelete("cascade"),
//^^^^^^^^^^ to pairs(b, a), with other actions
]);
