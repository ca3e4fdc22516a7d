ALTER TABLE orders ADD COLUMN client_id int REFERENCES clients;
ALTER TABLE orders ADD COLUMN shop_id int DEFAULT 1 REFERENCES shops;
--                 ^^^^^^^^^^^^^^^^^^^^ orders_shop_id_fkey
ALTER TABLE orders ADD FOREIGN KEY (a, b) REFERENCES parts (a, b) DEFERRABLE INITIALLY DEFERRED, ADD COLUMN note text;
--                 ^^^^^^^^^^^^^^^^^^^^ orders_a_b_fkey
CREATE TABLE audits (id int, order_id int REFERENCES orders);
ALTER TABLE audits ADD FOREIGN KEY (id) REFERENCES orders;
CREATE TABLE events (id int, at date) PARTITION BY RANGE (at);
