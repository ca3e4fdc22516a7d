-- +goose NO TRANSACTION
SET LOCAL lock_timeout = '2s';
ALTER TABLE clients ADD COLUMN note text;
--^^^^^^^^^ waits for its lock on clients
