import { timestamp, uuid } from "drizzle-orm/pg-core";

/** The primary key of nearly every table. */
export const id = () => uuid().primaryKey().defaultRandom();

export const moment = () => timestamp({ withTimezone: true });

/** When a row was made and last changed. */
export const timestamps = {
  createdAt: moment().notNull().defaultNow(),
  updatedAt: moment()
    .notNull()
    .defaultNow()
    .$onUpdate(() => new Date()),
};
