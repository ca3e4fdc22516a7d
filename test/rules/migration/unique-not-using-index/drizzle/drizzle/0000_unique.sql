ALTER TABLE "clients" ADD CONSTRAINT "clients_email_unique" UNIQUE("email");--> statement-breakpoint
--                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ USING INDEX
ALTER TABLE "clients" ADD PRIMARY KEY ("id") DEFERRABLE;
--                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ clients_pkey
