CREATE TABLE "customers" (
	"id" serial PRIMARY KEY,
	"emailAddress" text UNIQUE,
	"nick" text CONSTRAINT "customers_nick" UNIQUE,
	"fullName" text NOT NULL UNIQUE,
	"bornOn" integer,
	"shopId" integer GENERATED ALWAYS AS IDENTITY (sequence name "customers_shopId_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	CONSTRAINT "customers_fullName_bornOn_unique" UNIQUE NULLS NOT DISTINCT("fullName","bornOn"),
	CONSTRAINT "customers_born" CHECK ("bornOn" > 1900)
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"customerId" integer,
	"no" integer,
	"total" integer,
	CONSTRAINT "orders_pkey" PRIMARY KEY("customerId","no")
);
--> statement-breakpoint
CREATE TABLE "lines" (
	"customerId" integer,
	"orderNo" integer,
	"lineNo" integer PRIMARY KEY
);
--> statement-breakpoint
CREATE TABLE "named" (
	"one" integer,
	"two" integer,
	CONSTRAINT "named_key" PRIMARY KEY("one","two")
);
--> statement-breakpoint
CREATE TABLE "sales"."orderIds" (
	"orderId" bigserial PRIMARY KEY,
	"lineNo" integer UNIQUE
);
--> statement-breakpoint
CREATE TABLE "a_table_with_a_name_that_is_long_enough_to_be_cut_off" (
	"id" serial PRIMARY KEY,
	"a_column_with_a_name_that_is_also_long_enough" varchar UNIQUE,
	"lineNo" integer,
	CONSTRAINT "a_table_with_a_name_that_is_long_enough_to_be_cut_off_id_a_column_with_a_name_that_is_also_long_enough_unique" UNIQUE("id","a_column_with_a_name_that_is_also_long_enough")
);
--> statement-breakpoint
CREATE TABLE "ein_käse_nach_dem_anderen_und_immer_noch_einer_für_übel" (
	"id" serial PRIMARY KEY,
	"größe_in_ellen" integer
);
--> statement-breakpoint
CREATE INDEX "customers_bornOn_index" ON "customers" ("bornOn" DESC NULLS LAST);
--> statement-breakpoint
CREATE INDEX "customers_bornOn_fullName_index" ON "customers" ("bornOn" DESC,"fullName");
--> statement-breakpoint
CREATE INDEX "customers_fullName_index" ON "customers" ("fullName" NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "customers_fullName_nick_index" ON "customers" ("fullName","nick" DESC NULLS LAST);
--> statement-breakpoint
CREATE UNIQUE INDEX "customers_bornOn_shopId_index" ON "customers" ("bornOn","shopId");
--> statement-breakpoint
CREATE INDEX "named_index" ON "named" ("two");
--> statement-breakpoint
CREATE INDEX "orderIds_orderId_index" ON "sales"."orderIds" ("orderId");
--> statement-breakpoint
CREATE INDEX "a_table_with_a_name_that_is_long_enough_to_be_cut_off_lineNo_a_column_with_a_name_that_is_also_long_enough_index" ON "a_table_with_a_name_that_is_long_enough_to_be_cut_off" ("lineNo","a_column_with_a_name_that_is_also_long_enough");
--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_customerId_customers_id_fkey" FOREIGN KEY ("customerId") REFERENCES "customers"("id");
--> statement-breakpoint
ALTER TABLE "lines" ADD CONSTRAINT "lines_customerId_orderNo_orders_customerId_no_fkey" FOREIGN KEY ("customerId","orderNo") REFERENCES "orders"("customerId","no") ON DELETE CASCADE;
--> statement-breakpoint
ALTER TABLE "named" ADD CONSTRAINT "named_reference" FOREIGN KEY ("one") REFERENCES "lines"("lineNo");
--> statement-breakpoint
ALTER TABLE "sales"."orderIds" ADD CONSTRAINT "orderIds_lineNo_lines_lineNo_fkey" FOREIGN KEY ("lineNo") REFERENCES "lines"("lineNo");
--> statement-breakpoint
ALTER TABLE "a_table_with_a_name_that_is_long_enough_to_be_cut_off" ADD CONSTRAINT "5m7wA0Fek2S7_fkey" FOREIGN KEY ("lineNo") REFERENCES "lines"("lineNo");
--> statement-breakpoint
ALTER TABLE "ein_käse_nach_dem_anderen_und_immer_noch_einer_für_übel" ADD CONSTRAINT "QEfh3AFXZ744_fkey" FOREIGN KEY ("größe_in_ellen") REFERENCES "a_table_with_a_name_that_is_long_enough_to_be_cut_off"("id");
