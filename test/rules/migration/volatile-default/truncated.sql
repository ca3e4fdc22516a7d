TRUNCATE orders;
ALTER TABLE orders ADD COLUMN a uuid DEFAULT gen_random_uuid();
