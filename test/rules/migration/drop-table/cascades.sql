DROP TYPE mood CASCADE;
--^^^^^^^ Columns of the type mood are lost
DROP TYPE calm;
DROP TYPE IF EXISTS status CASCADE;
CREATE TYPE status AS ENUM ('a');
DROP EXTENSION citext CASCADE;
--^^^^^^^^^^^^ extension citext is lost
DROP OWNED BY somebody;
--^^^^^^^^ role owns
DROP DATABASE shop;
--^^^^^^^^^^^ database shop
TRUNCATE orders;
