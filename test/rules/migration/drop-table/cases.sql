DROP TABLE IF EXISTS fresh;
CREATE TABLE fresh (id int);
DROP TABLE fresh;
DROP TABLE a, shop.b CASCADE;
--^^^^^^^^ rows of a, shop.b
DROP SCHEMA old CASCADE;
--^^^^^^^^^ schema old
DROP VIEW c;
