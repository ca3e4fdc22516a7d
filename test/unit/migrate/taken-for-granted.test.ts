// What migrations take for granted, read off their statements: extensions that none of them makes, and what providers give.
import assert from "node:assert/strict";
import { standInsFor } from "../../../server/src/databases/embedded/stand-ins";
import { assumedExtensions } from "../../../server/src/migrate/prove/extensions";
import { loadSqlParser } from "../../../server/src/sql/load";

describe("what migrations take for granted", () => {
  it("are extensions by their types, functions and operator classes, but for what the migrations or another schema have", async () => {
    const parser = await loadSqlParser();
    const cases: readonly (readonly [extensions: string, ...scripts: readonly string[]])[] = [
      ["citext", "create table t (a citext)"], ["citext", "create table t (a public.citext)"], ["", "create table t (a own.citext)"], ["", "create table t (citext text)"],
      ["", "create extension citext", "create table t (a citext)"], ["", "create domain citext as text", "create table t (a citext)"],
      ["uuid-ossp", "create table t (id uuid default uuid_generate_v4())"], ["", "create table t (uuid_generate_v4 uuid)"], ["", "create table t (id uuid default own.uuid_generate_v4())"],
      ["", "create function uuid_generate_v4() returns uuid language sql as 'select gen_random_uuid()'", "create table t (id uuid default uuid_generate_v4())"],
      ["btree_gin", "create index on t using gin (id int4_ops)"], ["", "create index on t (id int4_ops)"],
      ["pg_trgm", "create index on t using gin (a gin_trgm_ops)"], ["citext,pg_trgm", "create index on t using gist (a gist_trgm_ops)", "alter table t add b citext"],
    ];
    for (const [extensions, ...scripts] of cases) assert.equal(assumedExtensions(scripts, parser).join(), extensions, scripts.join("; "));
  });

  it("is what providers give, but for what the migrations make, and belongs to an extension", () => {
    const cases: readonly (readonly [names: string, ...scripts: readonly string[]])[] = [
      ["auth.uid(),auth.users", 'create policy own on t using ("auth"."uid"() = owner); alter table t add foreign key (owner) references auth.users'], ["", "select auth.uid"], ["", "select my.auth.uid(), oauth.uid()"],
      ["", "create schema auth; create table t (id uuid default auth.uid())"], ["auth.jwt()", "create or replace function auth.uid() returns uuid language sql as 'select null::uuid'; select auth.uid(), auth.jwt()"],
      ["storage.foldername()", "select storage.foldername(name)"],
    ];
    for (const [names, ...scripts] of cases) {
      const made = standInsFor(scripts);
      assert.equal(made.names.join(), names, scripts.join("; "));
      for (const name of made.names) assert.ok(made.statements.some((sql) => sql.includes(`alter extension plpgsql add ${name.endsWith(")") ? `function ${name.slice(0, -1)}` : `table ${name}`}`)), name);
    }
  });
});
