// The faults, the same that other migration tools were put through: each sets one up, lets Plumbline run into it, and checks
// what is left. `acct` stands in each database, with one row whose balance is 100.
import { setTimeout as pause } from "node:timers/promises";

const migration = (number, name, ...sql) => ({ time: `2026010100000${number}`, name, sql });
const first = migration(1, "init", "create table t1 (id int primary key)");
const adds = "update acct set balance = balance + 100";

/** What was said that matters, in short. */
const short = (text) => {
  const again = /The journal was read again: [^\n]*/.exec(text);
  if (again) return again[0];
  const line = text.split("\n").map((one) => one.trim()).filter((one) => /[Nn]othing was run|failed|not |another|lock|INVALID|read again|error/i.test(one) && !/^[✔✓●○]/.test(one)).at(-1) ?? "";
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
};
/** Compares the state with what is wanted of it. */
const expect = (check, state, wanted) => {
  for (const [key, value] of Object.entries(wanted)) check(state[key] === value, `${key} is "${state[key]}" instead of "${value}"`);
};

export const cases = {
  async "two at once, schema and data"({ write, up, state, check, say }) {
    write(first, migration(2, "data", "select pg_sleep(1)", adds, "create table t2 (id int)"));
    const ends = await Promise.all([up(), up()]);
    check(ends.every(({ code }) => code === 0), ends.map(({ text }) => short(text)).join(" / "));
    expect(check, await state(), { balance: 200, tables: "acct t1 t2", applied: 2 });
    say("the second waits, then has nothing to do");
  },
  async "two at once, data alone"({ write, up, state, check, say }) {
    write(first);
    await up();
    write(first, migration(2, "data", "select pg_sleep(1)", adds));
    const ends = await Promise.all([up(), up()]);
    check(ends.every(({ code }) => code === 0), ends.map(({ text }) => short(text)).join(" / "));
    expect(check, await state(), { balance: 200, applied: 2 });
    say("applied once");
  },
  async "kill -9 in a migration"({ write, start, up, sleeping, alone, state, client, check, say }) {
    write(first, migration(2, "slow", "create table t2 (id int)", "alter table acct add column k int", "select pg_sleep(3)", "create table t3 (id int)"));
    const run = start("up", "--yes");
    await sleeping();
    run.child.kill("SIGKILL");
    await run.done;
    const freed = await alone();
    expect(check, await state(), { tables: "acct t1", columns: "id balance", applied: 1 });
    await client.query("select count(*) from acct");
    const again = await up();
    check(again.code === 0, short(again.text));
    expect(check, await state(), { tables: "acct t1 t2 t3", columns: "id balance k", applied: 2 });
    say(`its locks were free after ${freed} ms; run again, it is applied`);
  },
  async "kill -9, run again at once"({ write, start, up, sleeping, state, check, say }) {
    write(first, migration(2, "slow", "create table t2 (id int)", "select pg_sleep(3)", "create table t3 (id int)"));
    const run = start("up", "--yes");
    await sleeping();
    run.child.kill("SIGKILL");
    await run.done;
    const again = await up();
    check(again.code === 0, short(again.text));
    expect(check, await state(), { tables: "acct t1 t2 t3", applied: 2 });
    say("it waits for the dead one's locks, then applies");
  },
  async "a function's body with semicolons"({ write, up, state, check }) {
    write(first, migration(2, "fn", "create function bump() returns trigger language plpgsql as $$ begin new.balance := new.balance + 1; return new; end $$", "create table t2 (id int)"));
    const { code, text } = await up();
    check(code === 0, short(text));
    expect(check, await state(), { tables: "acct t1 t2", applied: 2 });
  },
  async "an applied file was edited"({ write, up, state, check, say }) {
    write(first);
    await up();
    write(migration(1, "init", "create table t1 (id int primary key, extra text)"), migration(2, "two", "create table t2 (id int)"));
    const { code, text } = await up();
    check(code === 2 && /_init/.test(text) && (text.match(/\b[0-9a-f]{8,}/g) ?? []).length >= 2, `exit ${code} without the file and both hashes: ${short(text)}`);
    expect(check, await state(), { tables: "acct t1", applied: 1 });
    say(short(text));
  },
  async "an applied file is missing"({ write, up, state, check, say }) {
    const second = migration(2, "two", "create table t2 (id int)");
    write(first, second);
    await up();
    write(second, migration(3, "three", "create table t3 (id int)"));
    const { code, text } = await up();
    check(code === 2, `exit ${code}: ${short(text)}`);
    expect(check, await state(), { tables: "acct t1 t2", applied: 2 });
    say(short(text));
  },
  async "an older file comes later"({ write, up, state, check, say }) {
    const third = migration(3, "three", "create table t3 (id int)");
    write(first, third);
    await up();
    write(first, migration(2, "two", "create table t2 (id int)"), third);
    const { code, text } = await up();
    check(code === 2 && /_two/.test(text), `exit ${code}: ${short(text)}`);
    expect(check, await state(), { tables: "acct t1 t3", applied: 2 });
    say(short(text));
  },
  async "CREATE INDEX CONCURRENTLY alone"({ write, up, state, client, check }) {
    write(first, migration(2, "index", "create index concurrently acct_balance on acct (balance)"));
    const { code, text } = await up();
    check(code === 0, short(text));
    expect(check, await state(), { invalid: "", applied: 2 });
    check((await client.query("select to_regclass('acct_balance') as one")).rows[0].one !== null, "there is no index");
  },
  async "CREATE INDEX CONCURRENTLY behind another statement"({ write, up, state, client, check }) {
    write(first, migration(2, "index", "create table t2 (id int)", "create index concurrently acct_balance on acct (balance)"));
    const { code, text } = await up();
    check(code === 0, short(text));
    expect(check, await state(), { tables: "acct t1 t2", invalid: "", applied: 2 });
    check((await client.query("select to_regclass('acct_balance') as one")).rows[0].one !== null, "there is no index");
  },
  async "a unique index fails on duplicates"({ write, up, state, client, check, say }) {
    await client.query("insert into acct (balance) values (0), (0)");
    write(first, migration(2, "index", "create unique index concurrently acct_balance on acct (balance)"));
    const failed = await up();
    check(failed.code === 2 && /duplicate|could not create unique index/.test(failed.text) && /INVALID/.test(failed.text), `exit ${failed.code}: ${short(failed.text)}`);
    expect(check, await state(), { invalid: "", applied: 1 });
    await client.query("delete from acct where id = 3");
    const again = await up();
    check(again.code === 0, short(again.text));
    expect(check, await state(), { invalid: "", applied: 2 });
    say("the INVALID index is dropped and told of; built when the duplicates are gone");
  },
  async "another tool left an INVALID index"({ write, up, state, client, check, say }) {
    await client.query("insert into acct (balance) values (0), (0)");
    await client.query("create unique index concurrently acct_balance on acct (balance)").catch(() => undefined);
    await client.query("delete from acct where id = 3");
    check((await state()).invalid === "acct_balance", "there is no INVALID index to begin with");
    write(first, migration(2, "index", "create unique index concurrently acct_balance on acct (balance)"));
    const { code, text } = await up();
    check(code === 0 && /INVALID/.test(text), `exit ${code}: ${short(text)}`);
    expect(check, await state(), { invalid: "", applied: 2 });
    say("dropped, built again and told of");
  },
  async "a statement fails half way"({ write, up, state, check, say }) {
    write(first, migration(2, "half", "create table t2 (id int)", adds, "alter table nope add column x int"));
    const failed = await up();
    check(failed.code === 2 && /nope/.test(failed.text) && /rolled back/.test(failed.text), `exit ${failed.code}: ${short(failed.text)}`);
    expect(check, await state(), { tables: "acct t1", balance: 100, applied: 1 });
    write(first, migration(2, "half", "create table t2 (id int)", adds));
    const again = await up();
    check(again.code === 0, short(again.text));
    expect(check, await state(), { tables: "acct t1 t2", balance: 200, applied: 2 });
    say("all of it was rolled back and told so; mended, it is applied once");
  },
  async "the connection breaks in a statement"({ write, start, up, sleeping, link, state, check, say }) {
    write(first, migration(2, "cut", "create table t2 (id int)", adds, "select pg_sleep(1)", "create table t3 (id int)"));
    const run = start("up", "--yes");
    await sleeping();
    link.breakAll();
    const { code, text } = await run.done;
    const again = code === 0 ? undefined : await up();
    check((again ?? { code }).code === 0, short(again?.text ?? ""));
    expect(check, await state(), { tables: "acct t1 t2 t3", balance: 200, applied: 2 });
    check(/read again/.test(text) || code !== 0, "nothing was said of it");
    say(`${code === 0 ? "the same run goes on" : "the run ends, the next applies"}; ${short(text)}`);
  },
  async "the answer to COMMIT is lost"({ write, up, link, state, check, say }) {
    write(first);
    await up();
    write(first, migration(2, "data", adds));
    // The history of Drizzle is written in a block.
    link.breakAt(/insert into[^;]*(migrations|__plumbline_runs)[^;]*;\s*commit|insert into[^;]*__plumbline_runs[^;]*;\s*end if;\s*end[^;]*;\s*commit/i, "answered");
    const { code, text } = await up();
    check(code === 0 && /read again/.test(text), `exit ${code}: ${short(text)}`);
    const again = await up();
    check(again.code === 0, short(again.text));
    expect(check, await state(), { balance: 200, applied: 2 });
    say(short(text));
  },
  async "ALTER behind a reader of 8 s"({ write, up, database, state, check, say }) {
    write(first);
    await up();
    write(first, migration(2, "alter", "alter table acct add column x int"));
    const holder = await database.client();
    await holder.query("begin; select count(*) from acct");
    const reader = await database.client();
    let stopped = false;
    let worst = 0;
    const reading = (async () => {
      while (!stopped) {
        const started = performance.now();
        await reader.query("select count(*) from acct");
        worst = Math.max(worst, performance.now() - started);
        await pause(20);
      }
    })();
    const run = up();
    await pause(8000);
    await holder.query("commit");
    const { code, text } = await run;
    stopped = true;
    await reading;
    for (const client of [holder, reader]) await client.end();
    check(code === 0, short(text));
    expect(check, await state(), { columns: "id balance x", applied: 2 });
    // Others let a reader stand for seven seconds of the eight; a busy machine adds some to the 300 ms of lock_timeout.
    check(worst < 2000, `a reader stood still for ${worst.toFixed(0)} ms`);
    say(`the longest that a reader stood still: ${worst.toFixed(0)} ms`);
  },
  async "more locks than the server has"({ write, up, state, check, say }) {
    write(first, migration(2, "many", ...Array.from({ length: 400 }, (_, at) => `create table many_${at} (id int primary key, note text)`)));
    const { code, text } = await up();
    check(code === 2 && /max_locks_per_transaction/.test(text), `exit ${code}: ${short(text)}`);
    const { tables, applied } = await state();
    check(!tables.includes("many"), "some of the tables were made");
    check(applied === (tables.includes("t1") ? 1 : 0), `${applied} are recorded`);
    say(`${tables.includes("t1") ? "the transaction failed and was rolled back" : "stopped before anything ran"}; ${short(text)}`);
  },
};
