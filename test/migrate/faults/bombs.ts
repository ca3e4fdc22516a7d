// A database that counts the steps of a run where they happen, in the server: before and after each DDL statement, before
// and after each change of a table's rows, within COMMIT, and in the middle of an index build. At one of them it strikes.
import { openSession } from "../../../server/src/databases/postgres/session";
import { settingsOf } from "../../database/servers";
import type { Postgres } from "../../oracles/postgres";

/** What happens at a step: the backend ends itself, is killed (and the whole server restarts), or stands still. */
export type Strike = "terminate" | "kill" | "stall";

/**
 * Settings are looked up by each new session; a sequence is not taken back with its transaction, so that each step counts once.
 * The function that begins with DROP INDEX has to keep still: CONCURRENTLY must come first in its transaction.
 */
const schema = `
create schema fault;
create sequence fault.steps;
create function fault.step() returns void language plpgsql as $$
declare step bigint;
begin
  step := nextval('fault.steps');
  if step % nullif(current_setting('fault.every', true), '')::int = current_setting('fault.first', true)::int then
    case current_setting('fault.strike')
      when 'terminate' then perform pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid());
      -- What the sequence counted since the last commit is lost with the server's memory: a folder remembers where it has struck.
      when 'kill' then execute pg_catalog.format('copy (select 1) to program %L', pg_catalog.format('mkdir "struck.%s.%s" 2> /dev/null && kill -9 $PPID; true', (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()), step));
      when 'stall' then perform pg_catalog.pg_sleep(600);
    end case;
  end if;
end $$;
create function fault.met(id int) returns int language plpgsql immutable as $$ begin if id in (1, 100) then perform fault.step(); end if; return id; end $$;
create function fault.on_rows() returns trigger language plpgsql as $$ begin perform fault.step(); return null; end $$;
create function fault.on_start() returns event_trigger language plpgsql as $$ begin if tg_tag not in ('CREATE TRIGGER', 'DROP INDEX') then perform fault.step(); end if; end $$;
create function fault.on_end() returns event_trigger language plpgsql as $$
declare made record;
begin
  if tg_tag <> 'CREATE TRIGGER' then perform fault.step(); end if;
  for made in select * from pg_catalog.pg_event_trigger_ddl_commands() c where c.command_tag = 'CREATE TABLE' and c.schema_name <> 'pg_temp' and c.object_type = 'table' loop
    execute pg_catalog.format('create trigger fault_before before insert or update or delete on %s execute function fault.on_rows()', made.object_identity);
    execute pg_catalog.format('create trigger fault_after after insert or update or delete on %s execute function fault.on_rows()', made.object_identity);
    if made.object_identity ~ 'migrations' then
      execute pg_catalog.format('create constraint trigger fault_commit after insert or update or delete on %s deferrable initially deferred for each row execute function fault.on_rows()', made.object_identity);
    end if;
  end loop;
end $$;
create event trigger fault_start on ddl_command_start execute function fault.on_start();
create event trigger fault_end on ddl_command_end execute function fault.on_end();
`;

/** Makes `name`, empty but for what counts: other databases are made from it. */
export async function createArmed(server: Postgres, name: string): Promise<void> {
  const session = await openSession(settingsOf(await server.createDatabase(name)));
  await session.run(schema).finally(() => session.close());
}

/** It strikes at step `first`, and at each `every`-th one behind it, runs that go on included; sessions opened from now on know. */
export async function arm(server: Postgres, database: string, { every, first, strike }: { readonly every: number; readonly first: number; readonly strike: Strike }): Promise<void> {
  await server.query(`alter database "${database}" set fault.every = '${every}'; alter database "${database}" set fault.first = '${first % every}'; alter database "${database}" set fault.strike = '${strike}'`);
}
