// PostgreSQL's limit is no other database's.
import { index, int, mysqlTable } from "drizzle-orm/mysql-core";

export const orders = mysqlTable("orders", { id: int("id").primaryKey(), a: int("a") }, (t) => [
  index("this_name_has_precisely_sixty_four_bytes_which_is_one_too_many__").on(t.a),
]);
