// A unique constraint's index bears the constraint's name.
import { integer, pgTable, unique } from "drizzle-orm/pg-core";

export const relations = pgTable("evaluation_dataset_run_relations", {
  id: integer("id").primaryKey(),
  conversationId: integer("conversation_identifier").notNull(),
  evaluatorReferenceNumber: integer("evaluator_reference_number").notNull().unique(),
//                                                                          ^^^^^^^^ which is generated, has 66 bytes
}, (t) => [
  unique().on(t.evaluatorReferenceNumber, t.conversationId),
//^^^^^^^^ which is generated
]);
