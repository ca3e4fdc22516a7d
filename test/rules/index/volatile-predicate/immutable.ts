// What is immutable, what belongs to the project itself, and what only looks like a call.
import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const notes = pgTable("notes", {
  id: integer("id").primaryKey(),
  body: text("body"),
  user: text("user"),
  at: timestamp("at"),
}, (t) => [
  index("notes_lower_idx").on(sql`lower(${t.body})`),
  index("notes_search_idx").using("gin", sql`to_tsvector('simple', coalesce(${t.body}, ''))`),
  index("notes_own_idx").on(sql`app.concat(${t.body})`),
  index("notes_text_idx").on(t.body).where(sql`${t.body} <> 'now()'`),
  index("notes_user_idx").on(t.user).where(sql`${t.user} is not null`),
  index("notes_day_idx").on(sql`date_trunc('day', ${t.at})`),
  index("notes_recent_idx").on(t.at).where(sql`${t.at} > CURRENT_DATE - 7`),
//^^^^^^^^^^^^^^^^^^^^^^^^^ calls current_date in its predicate
  index("notes_joined_idx").on(sql`concat_ws(' ', ${t.user}, ${t.body})`),
//^^^^^^^^^^^^^^^^^^^^^^^^^ calls concat_ws() in its expression
  index("notes_mine_idx").on(t.body).where(sql`${t.user} = current_user`),
//^^^^^^^^^^^^^^^^^^^^^^^ calls current_user in its predicate
]);
