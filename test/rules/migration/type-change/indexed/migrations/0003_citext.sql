ALTER TABLE clients ALTER note TYPE citext;
ALTER TABLE clients ALTER gone TYPE citext;
ALTER TABLE clients ALTER email TYPE citext;
--                  ^^^^^^^^^^^ The indexes of clients.email are built again
ALTER TABLE clients ALTER name TYPE citext;
--                  ^^^^^^^^^^ The indexes of clients.name are built again
ALTER TABLE clients ALTER number TYPE citext;
--                  ^^^^^^^^^^^^ The indexes of clients.number are built again
ALTER TABLE clients ALTER part TYPE citext;
--                  ^^^^^^^^^^ The indexes of clients.part are built again
ALTER TABLE clients ALTER kept TYPE citext;
