-- From PostgreSQL 15 on.
create table distinct_nulls (a integer, b integer, constraint one_null unique nulls not distinct (a), c text);
create unique index distinct_nulls_idx on distinct_nulls (b, c) nulls not distinct;
create table set_some (a integer, b bigint references clients on delete set null (b));
