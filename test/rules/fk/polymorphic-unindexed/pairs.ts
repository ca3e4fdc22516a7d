import { index, integer, pgEnum, pgTable, text, uuid, varchar } from "drizzle-orm/pg-core";

export const kind = pgEnum("kind", ["post", "photo"]);
export const clients = pgTable("clients", { id: integer("id").primaryKey() });

export const comments = pgTable("comments", {
  id: integer("id").primaryKey(),
  commentableType: varchar("commentable_type", { length: 20 }).notNull(),
  commentableId: integer("commentable_id").notNull(),
//^^^^^^^^^^^^^ comments(commentable_type, commentable_id)
  targetType: kind("targetType"),
  targetId: integer("targetId"),
//^^^^^^^^ comments(targetType, targetId)
  subjectType: text("subject_type"),
  subjectId: integer("subject_id"),
  // Properties, ids that are unique or say enough, known tables, the table itself.
  eventType: text("event_type"),
  eventId: integer("event_id"),
  sourceType: text("source_type"),
  sourceId: integer("source_id").unique(),
  ownerType: text("owner_type"),
  ownerId: uuid("owner_id"),
  clientType: text("client_type"),
  clientId: integer("client_id"),
  commentType: text("comment_type"),
  commentId: integer("comment_id"),
  linkedType: integer("linked_type"),
  linkedId: integer("linked_id"),
}, (t) => [index("comments_subject_idx").on(t.subjectId, t.subjectType), index("comments_owner_idx").on(t.ownerId)]);

export const attachments = pgTable("attachments", {
  id: integer("id").primaryKey(),
  recordType: text("record_type").notNull(),
  recordId: integer("record_id").notNull(),
//^^^^^^^^ attachments(record_type, record_id)
}, (t) => [index("attachments_record_id_idx").on(t.recordId)]);

// The type of the environment itself, as its enum's name says, and not that of a table.
export const environmentType = pgEnum("runtime_environment_type", ["development", "production"]);
export const environments = pgTable("runtime_environments", { id: integer("id").primaryKey(), type: environmentType("type") });

export const snapshots = pgTable("snapshots", {
  id: integer("id").primaryKey(),
  environmentType: environmentType("environment_type"),
  environmentId: integer("environment_id"),
});
