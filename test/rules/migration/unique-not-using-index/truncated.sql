-- What is deleted is still looked at.
DELETE FROM clients;
ALTER TABLE clients ADD UNIQUE (email);
--                  ^^^^^^^^^^ clients_email_key
TRUNCATE ONLY clients;
ALTER TABLE clients ADD UNIQUE (name);
