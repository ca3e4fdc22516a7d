CREATE TABLE "audits" ("id" bigint PRIMARY KEY, "what" text);--> statement-breakpoint
CREATE INDEX "audits_what_idx" ON "audits" ("what");--> statement-breakpoint
CREATE INDEX "clients_email_idx" ON "clients" ("email");--> statement-breakpoint
--^^^^^^^^^^ plumbline: concurrently
-- plumbline: concurrently
CREATE INDEX "clients_name_idx" ON "clients" ("name");
