import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const parents = sqliteTable("parents", { id: integer("id").primaryKey(), name: text("name").unique() });
export const children = sqliteTable("children", {
  parentId: integer("parent_id").references(() => parents.id),
  name: text("name", { length: 20 }).references(() => parents.name),
  other: text("other").references(() => parents.id),
//^^^^^ children.other is text, but parents.id is integer
});
