CREATE INDEX CONCURRENTLY "clients_email_idx" ON "clients" ("email");--> statement-breakpoint
--           ^^^^^^^^^^^^ drizzle-orm runs every file in a transaction
DROP INDEX CONCURRENTLY "clients_name_idx";--> statement-breakpoint
--         ^^^^^^^^^^^^ plumbline: concurrently
REINDEX INDEX CONCURRENTLY "clients_code_idx";
--            ^^^^^^^^^^^^ plumbline migrate run FILE.sql
