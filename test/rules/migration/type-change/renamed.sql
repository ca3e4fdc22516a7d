CREATE TABLE a (id int, b varchar(10));
ALTER TABLE a ALTER b TYPE int USING b::int;
ALTER TABLE other ADD COLUMN c varchar(10);
ALTER TABLE other ALTER c TYPE varchar(5);
--                ^^^^^^^^^^^^^^^^^^^^^^^ from varchar(10)
ALTER TABLE other ADD COLUMN d varchar(10);
ALTER TABLE other ALTER d TYPE citext;
ALTER TABLE other ALTER d TYPE varchar(5);
--                ^^^^^^^^^^^^^^^^^^^^^^^ is rewritten
