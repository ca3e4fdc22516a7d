import { relations } from "drizzle-orm";
import { mysqlTable, varchar } from "drizzle-orm/mysql-core";

export const workspaces = mysqlTable("workspaces", { id: varchar("id", { length: 48 }).primaryKey() });
export const limits = mysqlTable("limits", { workspaceId: varchar("workspace_id", { length: 256 }).primaryKey() });

// Declared from its other side, and without a constraint: lengths do not matter.
export const workspacesRelations = relations(workspaces, ({ one }) => ({ limits: one(limits, { fields: [workspaces.id], references: [limits.workspaceId] }) }));
