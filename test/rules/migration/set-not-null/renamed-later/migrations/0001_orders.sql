CREATE TABLE orders (id int, amount int NOT NULL);
CREATE TABLE orders_next (id int, amount int);
