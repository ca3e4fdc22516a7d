-- CreateIndex
CREATE UNIQUE INDEX "Client_email_key" ON "Client"("email");
--^^^^^^^^^^^^^^^^^ Build it CONCURRENTLY.
