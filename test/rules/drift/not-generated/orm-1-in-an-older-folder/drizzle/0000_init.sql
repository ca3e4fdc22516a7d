CREATE TABLE "clients" ("id" integer PRIMARY KEY NOT NULL, "email" text, CONSTRAINT "clients_email_unique" UNIQUE("email"));
--> statement-breakpoint
CREATE TABLE "orders" ("id" integer PRIMARY KEY NOT NULL, "client_id" integer);
--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "public"."clients"("id") ON DELETE no action ON UPDATE no action;
