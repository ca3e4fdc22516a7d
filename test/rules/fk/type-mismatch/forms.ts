import { bigint, bigserial, char, integer, pgEnum, pgTable, serial, smallint, text, uuid, varchar } from "drizzle-orm/pg-core";

export const status = pgEnum("status", ["on", "off"]);
export const parents = pgTable("parents", {
  id: serial("id").primaryKey(),
  big: bigserial("big", { mode: "number" }).unique(),
  key: uuid("key").unique(),
  name: text("name").unique(),
  short: varchar("short", { length: 20 }).unique(),
  letters: char("letters", { length: 2 }).unique(),
  state: status("state").unique(),
});

export const same = pgTable("same", {
  id: integer("id").references(() => parents.id),
  big: bigint("big", { mode: "bigint" }).references(() => parents.big),
  key: uuid("key").references(() => parents.key),
  name: varchar("name").references(() => parents.name),
  short: text("short").references(() => parents.short),
  wider: varchar("wider", { length: 40 }).references(() => parents.short),
  letters: char("letters", { length: 2 }).references(() => parents.letters),
  state: status("state").references(() => parents.state),
});

export const different = pgTable("different", {
  id: bigint("id", { mode: "number" }).references(() => parents.id),
//^^ different.id is bigint, but parents.id is integer
  big: integer("big").references(() => parents.big),
//^^^ too small for all values
  small: smallint("small").references(() => parents.id),
//^^^^^ too small for all values
  key: text("key").references(() => parents.key),
//^^^ different.key is text, but parents.key is uuid
  name: varchar("name", { length: 255 }).references(() => parents.name),
//^^^^ too small for all values
  letters: text("letters").references(() => parents.letters),
//^^^^^^^ a reference needs the type
});
