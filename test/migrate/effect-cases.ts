// The statements that the servers judge (effects.test.ts), and the database that they run on.
import type { FurtherTables } from "../../server/src/model/migration";

export interface Case {
  readonly sql: string;
  /** The first PostgreSQL that has it; older ones refuse it. */
  readonly from?: number;
  /** The first PostgreSQL that takes the locks; older ones take none. */
  readonly lockedFrom?: number;
  /** Of a statement that cannot be in a transaction: what another session does so that it must wait. Absent: it is only refused in a transaction. */
  readonly holder?: string;
  /** Cleans up behind it. */
  readonly after?: string;
  /** Relations that `further` is about, where the statement does not name them. */
  readonly about?: readonly string[];
  /** Partitions and children, which are locked like their table. */
  readonly children?: readonly string[];
  /** Tables of `further` that this statement could lock, and does not here. */
  readonly maybe?: readonly FurtherTables[];
  /** It reads rows in a way that no counter shows. */
  readonly uncounted?: boolean;
}

export const database = `
create type mood as enum ('sad', 'happy');
create domain positive as int check (value > 0);
create type pair as (a int, b int);
create function stay() returns trigger language plpgsql as $$ begin return new; end $$;
create function steady() returns int language sql stable as 'select 1';
create table parent (id int primary key, name varchar(20), email text, amount numeric(10, 2), at timestamp);
create table child (id int primary key, parent_id int references parent on delete cascade, note text, m mood, p positive, pr pair, checked int);
create table lonely (id int, code varchar(10), big bigint, flag boolean, s smallint, j json, ts timestamptz, unique (code));
create table unnamed (id int, parent_id int);
create index lonely_id_idx on lonely (id);
create unique index lonely_big_idx on lonely (big);
create table keyed (id int primary key);
alter table child add constraint child_later foreign key (checked) references keyed not valid;
alter table child add constraint checked_positive check (checked > 0) not valid;
create table measured (id int, at date) partition by range (at);
create table measured_1 partition of measured for values from ('2026-01-01') to ('2026-02-01');
create table measured_2 (id int, at date);
create table base (id int);
create table derived (more int) inherits (base);
create table apart (id int, more int);
create view parents as select id, name from parent;
create materialized view names as select id, name from parent;
create unique index names_id_idx on names (id);
create sequence numbers;
create role effects_quill;
create trigger keep before update on lonely for each row execute function stay();
create policy everyone on lonely using (true);
create rule nothing as on delete to unnamed do instead nothing;
create statistics lonely_both on id, code from lonely;
create publication news;
create table other_schema_table (id int);
create schema elsewhere;
insert into keyed select n from generate_series(1, 3) n;
insert into parent select n, 'n' || n, 'e', n, now() from generate_series(1, 3) n;
insert into child select n, n, 'note', 'sad', 1, null, 1 from generate_series(1, 3) n;
insert into lonely select n, 'c' || n, n, true, n, '{}', now() from generate_series(1, 3) n;
insert into unnamed select n, n from generate_series(1, 3) n;
insert into measured select n, '2026-01-05' from generate_series(1, 3) n;
insert into measured_2 select n, '2026-02-05' from generate_series(1, 3) n;
insert into base select n from generate_series(1, 3) n;
insert into apart select n, n from generate_series(1, 3) n;
`;

const rowHolder = (table: string): string => `lock table ${table} in row exclusive mode`;

export const cases: readonly Case[] = [
  // Indexes
  { sql: "create index lonely_s_idx on lonely (s)" },
  { sql: "create unique index if not exists lonely_s_idx on lonely (s) where s > 0" },
  { sql: "create index on measured (id)", children: ["measured_1"] },
  { sql: "create index on only measured (id)" },
  { sql: "create index concurrently lonely_s_idx on lonely (s)", holder: rowHolder("lonely"), after: "drop index if exists lonely_s_idx" },
  { sql: "drop index lonely_id_idx" },
  { sql: "drop index concurrently lonely_id_idx", holder: rowHolder("lonely"), after: "reindex index lonely_id_idx" },
  { sql: "reindex index lonely_id_idx" },
  { sql: "reindex table lonely" },
  { sql: "reindex index concurrently lonely_big_idx", holder: rowHolder("lonely"), after: "drop index if exists lonely_big_idx_ccnew; drop index if exists lonely_big_idx_ccold" },
  { sql: "reindex (concurrently) table lonely", holder: rowHolder("lonely") },
  { sql: "reindex database effects" },
  { sql: "alter index lonely_id_idx rename to other_idx" },
  { sql: "alter index lonely_id_idx set (fillfactor = 70)" },

  // Tables made and dropped
  { sql: "create table fresh (id int primary key, self int references fresh, other int references parent, unique (other))" },
  { sql: "create table fresh (id int, foreign key (id) references parent)" },
  { sql: "create table if not exists fresh (like lonely including all)" },
  { sql: "create table fresh (x int) inherits (base)" },
  { sql: "create table measured_9 partition of measured for values from ('2026-09-01') to ('2026-10-01')" },
  { sql: "create table fresh as select l.id from lonely l join parent using (id)" },
  { sql: "with parent as (select 1 as id) select parent.id, lonely.s into fresh from parent join lonely using (id)" },
  { sql: "create unlogged table fresh (id serial primary key, m mood)" },
  { sql: "drop table lonely" },
  { sql: "drop table child, unnamed" },
  { sql: "drop table parent cascade", about: ["parent"], maybe: ["tables that its foreign keys refer to"] },
  { sql: "drop table measured_2" },
  { sql: "truncate lonely, unnamed" },
  { sql: "truncate parent cascade" },
  { sql: "alter table lonely rename to alone" },
  { sql: "alter table lonely rename column id to ident" },
  { sql: "alter table parent rename constraint parent_pkey to p" },
  { sql: "alter table lonely set schema elsewhere" },
  { sql: "alter view parents rename to all_parents" },

  // Columns
  { sql: "alter table lonely add column c int" },
  { sql: "alter table lonely add column c int null default null" },
  { sql: "alter table lonely add column c int not null default 5" },
  { sql: "alter table lonely add column c timestamptz not null default now()" },
  { sql: "alter table lonely add column c timestamptz default current_timestamp" },
  { sql: "alter table lonely add column c timestamptz default clock_timestamp()" },
  { sql: "alter table lonely add column c uuid default gen_random_uuid()" },
  { sql: "alter table lonely add column c jsonb not null default '{}'::jsonb" },
  { sql: "alter table lonely add column c jsonb default jsonb_build_object('a', 1)" },
  { sql: "alter table lonely add column c int default steady()" },
  { sql: "alter table lonely add column c serial" },
  { sql: "alter table lonely add column c bigint generated always as identity" },
  { sql: "alter table lonely add column c int generated always as (id * 2) stored" },
  { sql: "alter table lonely add column c int generated always as (id * 2) virtual", from: 18 },
  { sql: "alter table lonely add column c int check (c > 0)" },
  { sql: "alter table lonely add column c int unique" },
  { sql: "alter table lonely add column c int references parent" },
  { sql: "alter table lonely add column c int default 1 references parent" },
  { sql: "alter table measured add column c int", children: ["measured_1"] },
  { sql: "alter table base add column c int", children: ["derived"] },
  { sql: "alter table lonely drop column s" },
  { sql: "alter table parent drop column name cascade", about: ["parent"] },
  { sql: "alter table lonely alter column s set not null" },
  { sql: "alter table parent alter column name drop not null, alter email set default 'x'" },
  { sql: "alter table lonely alter column s set default 3" },
  { sql: "alter table lonely alter column s drop default" },
  { sql: "alter table lonely alter column id type bigint" },
  { sql: "alter table lonely alter column code type text" },
  { sql: "alter table lonely alter column code type varchar(20)" },
  { sql: "alter table lonely alter column j type jsonb" },
  { sql: "alter table lonely alter column ts type date" },
  { sql: "alter table lonely alter column flag type int using flag::int" },
  { sql: "alter table lonely alter column s set statistics 500" },
  { sql: "alter table lonely alter column s set (n_distinct = 5)" },
  { sql: "alter table lonely alter column code set storage external" },
  { sql: "alter table keyed alter column id add generated always as identity" },

  // Constraints
  { sql: "alter table unnamed add constraint k foreign key (parent_id) references parent" },
  { sql: "alter table unnamed add constraint k foreign key (parent_id) references parent not valid" },
  { sql: "alter table child validate constraint child_later" },
  { sql: "alter table child validate constraint checked_positive", maybe: ["tables that its foreign keys refer to"] },
  { sql: "alter table child drop constraint child_parent_id_fkey" },
  { sql: "alter table child drop constraint checked_positive", maybe: ["tables that its foreign keys refer to"] },
  { sql: "alter table child alter constraint child_parent_id_fkey deferrable" },
  { sql: "alter table lonely add check (s > 0)" },
  { sql: "alter table lonely add constraint c check (s > 0) not valid" },
  { sql: "alter table lonely add unique (s)" },
  { sql: "alter table lonely add constraint u unique using index lonely_big_idx" },
  { sql: "alter table unnamed add primary key (id)" },
  { sql: "alter table lonely add constraint pk primary key using index lonely_big_idx" },
  { sql: "alter table lonely add exclude (s with =)" },
  { sql: "alter table lonely add constraint n not null s", from: 18 },
  { sql: "alter table lonely add constraint n not null s not valid", from: 18 },
  { sql: "alter table lonely add constraint c check (s > 0) not enforced", from: 18 },

  // Other subcommands
  { sql: "alter table lonely set (fillfactor = 70, autovacuum_enabled = off)" },
  { sql: "alter table lonely reset (fillfactor)" },
  { sql: "alter table lonely set (user_catalog_table = true)" },
  { sql: "alter table lonely set unlogged" },
  { sql: "alter table lonely owner to current_user" },
  { sql: "alter table lonely enable row level security" },
  { sql: "alter table lonely replica identity full" },
  { sql: "alter table lonely disable trigger keep" },
  { sql: "alter table lonely cluster on lonely_id_idx" },
  { sql: "alter table lonely set without cluster" },
  { sql: "alter table measured attach partition measured_2 for values from ('2026-02-01') to ('2026-03-01')" },
  { sql: "alter table measured detach partition measured_1" },
  { sql: "alter table measured detach partition measured_1 concurrently", holder: "lock table measured_1 in share update exclusive mode" },
  { sql: "alter table apart inherit base" },
  { sql: "alter table derived no inherit base" },
  { sql: "alter table lonely add column c int, add constraint k foreign key (c) references parent" },

  // Rows
  { sql: "insert into unnamed values (9, 1)" },
  { sql: "insert into child select id + 10, id from parent" },
  { sql: "update lonely set s = 2 from unnamed where unnamed.id = lonely.id" },
  { sql: "update child set parent_id = 2" },
  { sql: "delete from lonely using parent where lonely.id = parent.id", maybe: ["tables that refer to it"] },
  { sql: "delete from parent" },
  { sql: "with gone as (delete from lonely returning id) insert into other_schema_table select id from gone" },
  { sql: "merge into lonely l using parent p on p.id = l.id when matched then update set s = 1", maybe: ["tables that refer to it"] },
  { sql: "select * from lonely join parent using (id) for update" },
  { sql: "select setval('numbers', 10)" },
  { sql: "select count(*) from lonely" },
  { sql: "lock table lonely in share row exclusive mode" },
  { sql: "lock table lonely" },

  // Maintenance
  { sql: "vacuum lonely", holder: "lock table lonely in share update exclusive mode" },
  { sql: "vacuum (full) lonely", holder: "lock table lonely in access share mode" },
  { sql: "analyze lonely", uncounted: true },
  { sql: "cluster lonely using lonely_id_idx" },
  { sql: "refresh materialized view names" },
  { sql: "refresh materialized view concurrently names", uncounted: true },

  // The rest
  { sql: "create view v as select p.id from parent p, lonely" },
  { sql: "create or replace view parents as select id, name from parent" },
  { sql: "create materialized view v as select id from lonely" },
  { sql: "drop view parents" },
  { sql: "drop materialized view names" },
  { sql: "create trigger t before insert on lonely for each row execute function stay()" },
  { sql: "create constraint trigger t after insert on lonely from parent for each row execute function stay()" },
  { sql: "drop trigger keep on lonely" },
  { sql: "alter trigger keep on lonely rename to hold" },
  { sql: "create policy p on lonely using (id > 0)" },
  { sql: "alter policy everyone on lonely using (false)" },
  { sql: "drop policy everyone on lonely" },
  { sql: "create rule r as on insert to lonely do nothing" },
  { sql: "drop rule nothing on unnamed" },
  { sql: "create statistics st on s, big from lonely" },
  { sql: "drop statistics lonely_both" },
  { sql: "comment on table lonely is 'x'" },
  { sql: "comment on column public.lonely.s is 'x'" },
  { sql: "comment on constraint child_parent_id_fkey on child is 'x'" },
  { sql: "comment on index lonely_id_idx is 'x'" },
  { sql: "comment on function stay() is 'x'" },
  { sql: "comment on type mood is 'x'" },
  { sql: "grant select on lonely to public", lockedFrom: 18 },
  { sql: "revoke all on lonely from public", lockedFrom: 18 },
  { sql: "alter type mood add value 'calm'" },
  { sql: "alter type mood rename value 'sad' to 'low'" },
  { sql: "create type colour as enum ('red')" },
  { sql: "alter type pair add attribute c int cascade" },
  { sql: "alter domain positive add constraint small check (value < 100)" },
  { sql: "alter domain positive add constraint small check (value < 100) not valid" },
  { sql: "drop type mood cascade" },
  { sql: "create sequence s2 owned by lonely.id" },
  { sql: "alter sequence numbers restart with 100" },
  { sql: "alter sequence numbers owned by lonely.id" },
  { sql: "drop sequence numbers" },
  { sql: "create publication p2 for table lonely" },
  { sql: "alter publication news add table lonely" },
  { sql: "create schema fresh" },
  { sql: "create extension if not exists plpgsql" },
  { sql: "create or replace function f() returns int language sql as 'select 1'" },
  { sql: "do $$ begin perform 1; end $$" },
  { sql: "do $$begin if not exists (select from pg_catalog.pg_roles where rolname = 'effects_pen') then create role \"effects_pen\"; end if; end$$" },
  { sql: "alter role effects_quill createdb" },
  { sql: "drop role effects_quill" },
  { sql: "set lock_timeout = '2s'" },
  { sql: "create database another" },
  { sql: "alter system set work_mem = '4MB'" },
];
