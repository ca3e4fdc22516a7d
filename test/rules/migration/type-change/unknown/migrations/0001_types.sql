ALTER TABLE orders ALTER note TYPE text;
ALTER TABLE orders ALTER code TYPE varchar(20);
ALTER TABLE orders ALTER amount TYPE bigint;
--                 ^^^^^^^^^^^^^^^^^^^^^^^^ amount becomes int8
ALTER TABLE orders ADD COLUMN at timestamp;
SET TIME ZONE 'UTC';
ALTER TABLE orders ALTER at TYPE timestamptz;
