TRUNCATE orders, parts;
ALTER TABLE orders ALTER amount SET NOT NULL;
COPY orders FROM '/orders.csv';
ALTER TABLE orders ALTER total SET NOT NULL;
--                 ^^^^^^^^^^^ total IS NOT NULL
ALTER TABLE parts ALTER id SET NOT NULL;
MERGE INTO parts USING other ON parts.id = other.id WHEN NOT MATCHED THEN INSERT VALUES (other.id);
ALTER TABLE parts ALTER code SET NOT NULL;
--                ^^^^^^^^^^ code IS NOT NULL
