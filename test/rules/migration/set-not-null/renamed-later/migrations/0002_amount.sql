-- The later renaming says nothing of what stands here: amount is NOT NULL already.
ALTER TABLE orders ALTER amount SET NOT NULL;
ALTER TABLE orders_next ALTER amount SET NOT NULL;
--                      ^^^^^^^^^^^^^^^^^^^^^ amount IS NOT NULL
