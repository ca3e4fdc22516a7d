// Exactly the columns of a key, in any order; a partial unique index is none.
import { isNull } from "drizzle-orm";
import { foreignKey, integer, pgTable, primaryKey, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";

export const projects = pgTable("projects", {
  tenantId: integer("tenant_id").notNull(),
  id: integer("id").notNull(),
  slug: text("slug").notNull(),
  code: text("code").notNull(),
  deletedAt: timestamp("deleted_at"),
}, (t) => [
  primaryKey({ columns: [t.tenantId, t.id] }),
  uniqueIndex("projects_slug_key").on(t.slug),
  uniqueIndex("projects_code_key").on(t.code).where(isNull(t.deletedAt)),
]);

export const tasks = pgTable("tasks", {
  id: integer("id").primaryKey(),
  tenantId: integer("tenant_id"),
  projectId: integer("project_id").references(() => projects.id),
//                                 ^^^^^^^^^^ projects.id is neither
  slug: text("slug").references(() => projects.slug),
  code: text("code").references(() => projects.code),
//                   ^^^^^^^^^^ projects.code is neither
}, (t) => [
  foreignKey({ columns: [t.projectId, t.tenantId], foreignColumns: [projects.id, projects.tenantId] }),
]);
