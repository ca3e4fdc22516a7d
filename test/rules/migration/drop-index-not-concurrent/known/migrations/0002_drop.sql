DROP INDEX events_at_idx;
CREATE INDEX fresh_idx ON a (b);
DROP INDEX fresh_idx;
DROP INDEX one, two;
--^^^^^^^^ Drop each by itself
DROP INDEX three CASCADE;
--^^^^^^^^ Drop each by itself
