CREATE TABLE "audits" ("id" bigint PRIMARY KEY, "what" text);--> statement-breakpoint
ALTER TABLE "audits" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "clients" ADD COLUMN "note" text;--> statement-breakpoint
--^^^^^^^^^ waits for its lock on clients
ALTER TABLE "orders" ADD COLUMN "note" text;
