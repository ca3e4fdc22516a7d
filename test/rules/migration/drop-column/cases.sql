ALTER TABLE a ADD COLUMN b int;
ALTER TABLE a DROP COLUMN b, DROP COLUMN IF EXISTS c;
--                           ^^^^^^^^^^^^^^^^^^^^^^^ a.c
