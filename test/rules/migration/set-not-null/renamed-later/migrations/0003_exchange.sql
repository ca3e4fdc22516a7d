ALTER TABLE orders RENAME TO orders_old;
ALTER TABLE orders_next RENAME TO orders;
