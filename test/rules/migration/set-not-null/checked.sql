ALTER TABLE orders ADD CONSTRAINT there CHECK (client_id IS NOT NULL) NOT VALID;
COMMIT;
ALTER TABLE orders VALIDATE CONSTRAINT there;
COMMIT;
ALTER TABLE orders ALTER client_id SET NOT NULL;
ALTER TABLE orders ALTER amount SET NOT NULL, ALTER note SET NOT NULL;
--                 ^^^^^^^^^^^^^^^^^^^^^^^^^ amount IS NOT NULL
--                                            ^^^^^^^^^^^^^^^^^^^^^^^ note IS NOT NULL
CREATE TABLE a (id int);
ALTER TABLE a ALTER id SET NOT NULL;
ALTER TABLE orders ADD CONSTRAINT held CHECK (total IS NOT NULL);
ALTER TABLE orders ALTER total SET NOT NULL;
