ALTER DOMAIN shop.positive ADD CHECK (value > 0);
--^^^^^^^^^^ domain shop.positive for the check positive_check
ALTER DOMAIN shop.positive ADD CONSTRAINT small CHECK (value < 9) NOT VALID;
ALTER DOMAIN shop.positive SET NOT NULL;
CREATE DOMAIN fresh AS int;
ALTER DOMAIN fresh ADD CONSTRAINT small CHECK (value < 9);
