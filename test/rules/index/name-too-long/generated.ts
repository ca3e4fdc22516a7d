// A name that Drizzle makes up counts as well; bytes count, not letters.
import { index, integer, pgTable } from "drizzle-orm/pg-core";

export const subscriptions = pgTable("billing_subscriptions_of_all_accounts", {
  id: integer("id").primaryKey(),
  externalReferenceNumber: integer("external_reference_number"),
}, (t) => [
  index().on(t.externalReferenceNumber),
//^^^^^^^ which is generated, has 69 bytes
  index("öäüöäüöäüöäüöäüöäüöäüöäüöäüöäüöä").on(t.externalReferenceNumber),
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ has 64 bytes
  index("this_name_has_precisely_sixty_three_bytes_which_is_just_allowed").on(t.externalReferenceNumber),
]);
