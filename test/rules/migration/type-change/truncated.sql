ALTER TABLE orders ADD COLUMN a int;
TRUNCATE orders;
ALTER TABLE orders ALTER a TYPE bigint;
