ALTER TABLE orders ADD COLUMN a timestamptz DEFAULT now(), ADD COLUMN b uuid NOT NULL DEFAULT gen_random_uuid(), ADD COLUMN c text DEFAULT my_function();
--                                                         ^^^^^^^^^^^^^^^^^^^^ default for b
ALTER TABLE orders ADD COLUMN d bigserial;
--                 ^^^^^^^^^^^^^^^^^^^^ d is serial
ALTER TABLE orders ADD COLUMN e text DEFAULT md5((random() * 2)::text) || 'DEFAULT, not null';
--                 ^^^^^^^^^^^^^^^^^^^^ default for e
ALTER TABLE orders ADD COLUMN f int GENERATED ALWAYS AS (a + 1) VIRTUAL;
