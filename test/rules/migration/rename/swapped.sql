CREATE TABLE orders_new (id bigint);
ALTER TABLE orders RENAME TO orders_old;
ALTER TABLE orders_new RENAME TO orders;
ALTER TABLE clients RENAME COLUMN at TO old_at;
ALTER TABLE clients ADD COLUMN at time;
ALTER TABLE clients RENAME CONSTRAINT a TO b;
ALTER INDEX clients_idx RENAME TO clients_at_idx;
ALTER TABLE clients SET SCHEMA shop;
--^^^^^^^^^ code that still says clients fails
