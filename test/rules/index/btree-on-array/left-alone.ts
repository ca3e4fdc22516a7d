// Equality of the whole value is what a unique index asks for; as a later key the column only follows.
import { index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";

export const posts = pgTable("posts", {
  id: integer("id").primaryKey(),
  tags: text("tags").array().notNull(),
  meta: jsonb("meta"),
}, (t) => [
  uniqueIndex("posts_tags_key").on(t.tags),
  index("posts_id_tags_idx").on(t.id, t.tags),
  index("posts_meta_idx").using("gin", t.meta),
  index("posts_tags_id_idx").on(t.tags, t.id),
//^^^^^^^^^^^^^^^^^^^^^^^^^^ posts.tags is text[]
]);
