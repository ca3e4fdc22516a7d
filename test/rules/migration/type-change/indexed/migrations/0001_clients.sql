CREATE TABLE clients (id bigint PRIMARY KEY, email text UNIQUE, name varchar(20), note text, code text, gone text, part text, kept text, CONSTRAINT clients_code UNIQUE (code));
CREATE INDEX clients_name_idx ON clients (lower(name));
CREATE INDEX clients_gone_idx ON clients (gone);
CREATE INDEX ON clients (id) INCLUDE (kept);
CREATE INDEX ON clients (id) WHERE part IS NOT NULL;
ALTER TABLE clients ADD CONSTRAINT clients_note UNIQUE (note);
