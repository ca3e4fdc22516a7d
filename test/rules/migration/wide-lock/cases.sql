UPDATE orders SET a = 1;
ALTER TABLE orders ADD COLUMN note text;
INSERT INTO kinds VALUES (1), (2);
UPDATE kinds SET name = 'x' WHERE id = 1;
CREATE TABLE fresh (id int);
UPDATE fresh SET id = 1;
DELETE FROM orders WHERE done;
--^^^^^^^^^ writers of orders out
