DROP TABLE IF EXISTS fresh;
--^^^^^^^^ rows of fresh
CREATE TABLE fresh (id bigint);
