TRUNCATE orders, shop.parts CASCADE;
INSERT INTO orders VALUES (1);
ALTER TABLE orders ADD FOREIGN KEY (client_id) REFERENCES clients;
INSERT INTO orders SELECT * FROM orders_before;
ALTER TABLE orders ADD FOREIGN KEY (shop_id) REFERENCES shops;
--                 ^^^^^^^^^^^^^^^ orders and shops wait
ALTER TABLE shop.parts ADD FOREIGN KEY (order_id) REFERENCES orders;
