ALTER TABLE orders ADD COLUMN rate int CHECK (rate > 0);
--                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ after the column
ALTER TABLE orders ADD CHECK (amount > 0 AND note <> 'a, b') NOT VALID;
