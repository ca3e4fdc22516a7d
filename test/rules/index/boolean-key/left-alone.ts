// A unique index keeps the table to one row with true; a partial one, and one with more keys, know what they are for.
import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, uniqueIndex } from "drizzle-orm/pg-core";

export const keys = pgTable("keys", {
  id: integer("id").primaryKey(),
  current: boolean("current").notNull(),
  revoked: boolean("revoked"),
}, (t) => [
  uniqueIndex("keys_current_key").on(t.current),
  index("keys_revoked_idx").on(t.revoked).where(sql`${t.revoked}`),
  index("keys_revoked_id_idx").on(t.revoked, t.id),
  index("keys_hash_idx").using("hash", t.revoked),
  index("keys_plain_idx").on(t.revoked.desc()),
//^^^^^^^^^^^^^^^^^^^^^^^ keys_plain_idx
]);
