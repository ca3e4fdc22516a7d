DROP INDEX clients_gone_idx;
ALTER TABLE clients DROP CONSTRAINT clients_note;
ALTER TABLE clients RENAME COLUMN code TO number;
