ALTER TABLE orders ADD COLUMN note text;
UPDATE kinds SET name = 'x' WHERE key = true;
--^^^^^^^^^^ writers of orders out
