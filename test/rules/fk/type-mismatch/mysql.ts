import { bigint, char, int, mysqlTable, serial, varchar } from "drizzle-orm/mysql-core";

export const parents = mysqlTable("parents", { id: serial("id").primaryKey(), code: varchar("code", { length: 20 }).unique(), number: int("number").unique() });
export const children = mysqlTable("children", {
  parentId: bigint("parent_id", { mode: "number", unsigned: true }).references(() => parents.id),
  code: char("code", { length: 36 }).references(() => parents.code),
  signed: bigint("signed", { mode: "number" }).references(() => parents.id),
//^^^^^^ children.signed is bigint, but parents.id is serial
  unsigned: int("unsigned", { unsigned: true }).references(() => parents.number),
//^^^^^^^^ children.unsigned is int unsigned, but parents.number is int
});
