CREATE TYPE kind AS ENUM ('a');
ALTER TYPE kind RENAME VALUE 'a' TO 'b';
ALTER TYPE mood RENAME VALUE 'sad' TO 'low';
--^^^^^^^^ code that still says sad fails
ALTER TYPE mood ADD VALUE 'high';
CREATE SCHEMA fresh;
ALTER SCHEMA fresh RENAME TO new;
ALTER SCHEMA shop RENAME TO store;
--^^^^^^^^^^ code that still says shop fails
