ALTER TABLE orders DROP COLUMN a;
--                 ^^^^^^^^^^^^^ values of orders.a
ALTER TABLE orders ADD COLUMN a int;
