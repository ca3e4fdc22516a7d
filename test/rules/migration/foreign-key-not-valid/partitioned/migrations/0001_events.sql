CREATE TABLE events (id int, at date) PARTITION BY RANGE (at);
