-- From PostgreSQL 18 on.
create table computed (a integer not null, twice integer generated always as (a * 2) virtual, thrice integer generated always as (a * 3) stored, constraint a_named not null a);
create table lax (client bigint constraint lax_fk references clients not enforced, n integer constraint lax_check check (n > 0) not enforced);
create table bookings (room integer, during tsrange, other integer, primary key (room, during without overlaps), constraint other_during unique (other, during without overlaps));
create table stays (room integer, during tsrange, foreign key (room, period during) references bookings (room, period during));
