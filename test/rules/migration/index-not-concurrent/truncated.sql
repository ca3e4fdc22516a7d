TRUNCATE orders;
CREATE INDEX orders_note_idx ON orders (note);
CREATE INDEX clients_note_idx ON clients (note);
--^^^^^^^^^^ clients wait
