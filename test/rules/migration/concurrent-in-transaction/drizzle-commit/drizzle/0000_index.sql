ALTER TYPE "status" ADD VALUE 'sent';--> statement-breakpoint
COMMIT;--> statement-breakpoint
SET lock_timeout = 0;--> statement-breakpoint
CREATE INDEX CONCURRENTLY "clients_email_idx" ON "clients" ("email");
