// Scripts are taken apart by PostgreSQL's own grammar; places are UTF-16 offsets, and errors say where.
import assert from "node:assert/strict";
import { loadSqlParser } from "../../../server/src/sql/load";
import type { ParsedScript } from "../../../server/src/sql/parser";
import { visit } from "../../../server/src/sql/tree";

describe("the SQL parser", () => {
  let parse: (script: string) => ParsedScript;
  before(async () => {
    ({ parse } = await loadSqlParser());
  });

  const texts = (script: string): readonly string[] => parse(script).statements.map(({ sql }) => sql);

  it("takes what is lost from the comment before a generated statement", () => {
    const script = "-- plumbline: loses a.b from numeric to integer: digits are rounded away.\nalter table a alter b type integer;\nalter table a alter c type integer; -- plumbline: loses\nalter table a alter d type date;";
    assert.deepEqual(parse(script).statements.map(({ effect }) => effect.loss), ["a.b from numeric to integer: digits are rounded away.", undefined, "Values of a.d with more than date holds are cut or rounded."]);
  });

  it("is loaded once", async () => {
    assert.equal(await loadSqlParser(), await loadSqlParser());
  });

  it("leaves out comments before and behind, semicolons and blank statements", () => {
    assert.deepEqual(texts("-- first\nselect 1 /* tail */ -- more\n;\n;; /* a /* nested */ one */ select 'a;b' ;\n\nselect 2 -- end"), ["select 1", "select 'a;b'", "select 2"]);
    assert.deepEqual(parse(""), { statements: [] });
    assert.deepEqual(parse("-- nothing;\n"), { statements: [] });
  });

  it("keeps function bodies whole", () => {
    const body = "create function f() returns void language plpgsql as $body$ begin perform 1; -- ;\n end $body$";
    const atomic = "create function g(a int) returns int begin atomic select case a when 1 then 2 end; select a; end";
    assert.deepEqual(texts(`${body};\n${atomic};\nselect 1`), [body, atomic, "select 1"]);
  });

  it("places statements and nodes in UTF-16 units, behind characters of two, three and four bytes", () => {
    const script = "\ufeff-- é €\r\nselect '😀', naïve from \"Größe\";\nalter table \"Größe\" drop column naïve";
    const { statements, error } = parse(script);
    assert.equal(error, undefined);
    assert.deepEqual(statements.map(({ start, end }) => script.slice(start, end)), ["select '😀', naïve from \"Größe\"", 'alter table "Größe" drop column naïve']);
    const locations: number[] = [];
    visit(statements.map(({ node }) => node), (content, key) => {
      if (key === "RangeVar" || key === "relation") locations.push(Number(content["location"]));
    });
    assert.deepEqual(locations.map((at) => script.slice(at, at + 7)), ['"Größe"', '"Größe"']);
  });

  it("gives the statements before an error, and its place in characters", () => {
    const script = "select '😀';\nselect 'é';\nselect '😀é' frm x y z;\nselect 3";
    const { statements, error } = parse(script);
    assert.deepEqual(statements.map(({ sql }) => sql), ["select '😀'", "select 'é'"]);
    assert.equal(error?.message, 'syntax error at or near "x"');
    assert.equal(script.slice(error.offset, error.offset + 3), "x y");
    const cut = parse("select 1; insert ");
    assert.deepEqual([cut.statements.length, cut.error], [1, { message: "syntax error at end of input", offset: 17 }]);
    const open = parse("select 1; select 'x");
    assert.deepEqual([open.statements.length, open.error?.offset], [1, 17]);
  });

  it("says so where a line is psql's", () => {
    const script = "create table t (a int);\n\\connect other\nselect 1;";
    const { statements, error } = parse(script);
    assert.deepEqual(statements.map(({ sql }) => sql), ["create table t (a int)"]);
    assert.equal(error?.offset, script.indexOf("\\"));
    assert.match(error.message, /^"\\connect other" is a command of psql/);
    assert.match(parse("select 1 \\gexec").error!.message, /^"\\gexec" is a command of psql/);
    assert.equal(parse("select '\n\\x' /*\n\\y */").error, undefined);
    assert.match(parse("copy t from stdin;\n1\tx\n\\.\n").error!.message, /COPY … FROM stdin/);
  });

  it("answers for what is no text of SQL", () => {
    assert.deepEqual(parse("select 1;\0select 2").error, { message: "SQL cannot hold a NUL character.", offset: 9 });
    const deep = parse(`select 1; select ${"(".repeat(200_000)}1${")".repeat(200_000)}`);
    assert.ok(deep.error);
    assert.deepEqual(texts("select 1"), ["select 1"]);
    const lone = `select '\ud800'; select 2`;
    assert.equal(parse(lone).statements[1]?.start, lone.indexOf("select 2"));
  });

  it("reads the directive on a line of its own, before a plain index statement alone", () => {
    const script = `create index a_idx on a (b);
--> statement-breakpoint
-- plumbline: concurrently
create index b_idx on b (c);--> statement-breakpoint
-- plumbline: concurrently
alter table b add d int;
-- see plumbline: concurrently
drop index c_idx;
-- why
--plumbline: concurrently
-- because
drop index d_idx;`;
    assert.deepEqual(parse(script).statements.map(({ concurrently }) => concurrently), [false, true, false, false, true]);
    const built = parse(script).statements[1]!;
    assert.deepEqual([built.sql, built.effect.title, built.effect.transaction], ["create index b_idx on b (c)", "create index concurrently", "forbidden"]);
  });
});
