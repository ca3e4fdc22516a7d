CREATE TABLE public.a (id int);
CREATE INDEX ON a (id);
CREATE TABLE b AS SELECT * FROM c;
CREATE INDEX b_idx ON public.b (id);
ALTER TABLE a RENAME TO d;
CREATE INDEX d_idx ON d (id);
ALTER TABLE f ADD COLUMN note text;
CREATE INDEX f_idx ON f (note);
--^^^^^^^^^^ migration of its own
-- plumbline-disable-next-line migration/index-not-concurrent -- a small table
CREATE INDEX g_idx ON g (note);
