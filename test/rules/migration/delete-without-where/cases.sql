DELETE FROM a USING b WHERE a.id = b.id;
DELETE FROM a WHERE true;
TRUNCATE a, b;
--^^^^^^^^^ Every row of a, b
DELETE FROM shop.a AS x RETURNING x.id;
--^^^^^^^^^ Every row of shop.a
TRUNCATE c CASCADE;
--^^^^^^^^ and of every table that refers to them
CREATE TABLE fresh (id int);
DELETE FROM fresh;
