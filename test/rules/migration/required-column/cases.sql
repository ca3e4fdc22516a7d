ALTER TABLE orders ADD COLUMN a int NOT NULL, ADD COLUMN b int NOT NULL DEFAULT 0, ADD COLUMN c bigserial NOT NULL;
--                 ^^^^^^^^^^^^^^^^^^^^^^^^^ a would be NULL
ALTER TABLE orders ADD COLUMN d int GENERATED ALWAYS AS IDENTITY NOT NULL, ADD COLUMN e text NOT NULL DEFAULT NULL;
--                                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ e would be NULL
ALTER TABLE orders ADD COLUMN i int CHECK (i IS NOT NULL) NOT NULL, ADD COLUMN j int NOT NULL PRIMARY KEY;
--                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ i would be NULL
--                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ j would be NULL
DELETE FROM clients WHERE name = '';
ALTER TABLE clients ADD COLUMN f int NOT NULL;
--                  ^^^^^^^^^^^^^^^^^^^^^^^^^ f would be NULL
DELETE FROM clients;
ALTER TABLE clients ADD COLUMN g int NOT NULL;
TRUNCATE orders CASCADE;
ALTER TABLE orders ADD COLUMN h int NOT NULL;
INSERT INTO orders VALUES (1);
ALTER TABLE orders ADD COLUMN k int NOT NULL;
--                 ^^^^^^^^^^^^ k would be NULL
