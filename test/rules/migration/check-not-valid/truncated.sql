TRUNCATE orders;
ALTER TABLE orders ADD CHECK (amount > 0);
COMMIT;
ALTER TABLE orders ADD CHECK (total > 0);
--                 ^^^^^^^^^^^^^^^^^^^^^ orders wait
