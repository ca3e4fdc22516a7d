VACUUM FULL orders;
RESET lock_timeout;
ALTER TABLE clients ADD COLUMN note text;
--^^^^^^^^^ waits for its lock on clients
