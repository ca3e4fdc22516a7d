-- AlterTable
ALTER TABLE "Client" ADD COLUMN "note" TEXT;
--^^^^^^^^^ waits for its lock on Client

-- AlterTable
ALTER TABLE "Order" ADD COLUMN "note" TEXT;
