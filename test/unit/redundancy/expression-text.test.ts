// How far SQL is understood: conjuncts, NOT NULL conditions, function calls, likeness of two expressions.
import assert from "node:assert/strict";
import { comparedColumn, conjunctsOf, functionCalls, notNullColumn, sameExpression } from "../../../server/src/indexes/expression-text";

const expression = (sql: string, complete = true) => ({ sql, columns: [], complete });

describe("SQL of predicates", () => {
  const conjuncts: readonly [string, readonly string[]][] = [
    ["a is null", ["a is null"]],
    ["a is null and b > 1", ["a is null", "b > 1"]],
    ["((a = 1) AND (b = 2 and c = 3))", ["a = 1", "b = 2", "c = 3"]],
    ["a between 1 and 2 and b", ["a between 1 and 2", "b"]],
    ["a = 1 or b = 2 and c = 3", ["a = 1 or b = 2 and c = 3"]],
    ["(a = 1 or b = 2) and c", ["a = 1 or b = 2", "c"]],
    ["a = ' and ' and b", ["a = ' and '", "b"]],
    ['"x and y" is null', ['"x and y" is null']],
    ["case when a and b then c end and d", ["case when a and b then c end", "d"]],
    ["a -- and b\n and c", ["a", "c"]],
    ["", []],
    ["and", ["and"]],
  ];
  for (const [sql, expected] of conjuncts) it(`conjuncts of ${JSON.stringify(sql)}`, () => assert.deepEqual(conjunctsOf(sql), expected));

  const notNull: readonly [string, string | undefined][] = [
    ['"deleted_at" is not null', "deleted_at"],
    ["deleted_at IS NOT NULL", "deleted_at"],
    ["Deleted_At is not null", "deleted_at"],
    ['"Deleted At" is not null', "Deleted At"],
    ['("orders"."deleted_at") is not null', "deleted_at"],
    ['(public.orders."deleted_at" is not null)', "deleted_at"],
    ["deleted_at is null", undefined],
    ["lower(a) is not null", undefined],
    ["a + b is not null", undefined],
    ["a . is not null", undefined],
    ["is not null", undefined],
  ];
  for (const [sql, expected] of notNull) it(`NOT NULL in ${sql}`, () => assert.equal(notNullColumn(sql), expected));

  const compared: readonly [string, string | undefined][] = [
    ["\"kind\" = 'chat'", "kind"],
    ["(t.kind <> 'chat')", "kind"],
    ["lower(kind) = 'chat'", undefined],
    ["kind = 'chat' or true", undefined],
    ["kind is distinct from 'chat'", undefined],
    ["kind is null", undefined],
  ];
  for (const [sql, expected] of compared) it(`a comparison in ${sql}`, () => assert.equal(comparedColumn(sql), expected));

  const calls: readonly [string, readonly string[]][] = [
    ["expires_at > now()", ["now/0"]],
    ["expires_at > CURRENT_TIMESTAMP", ["current_timestamp/0"]],
    ["to_tsvector('english', coalesce(a, '') || ' ' || b)", ["to_tsvector/2", "coalesce/2"]],
    ["to_tsvector(concat_ws(' ', a, b))", ["to_tsvector/1", "concat_ws/3"]],
    ["app.now()", ["app.now/0"]],
    ["a in (1, 2) and (b)", []],
    ["a = 'now()' -- now()", []],
    ['"now" is null', []],
    ["a::numeric(10, 2) > 1", []],
    ['"user" = 1 and u.user = 2', []],
    ["f(array[1, 2], (3))", ["f/2"]],
    ["f((", ["f/1"]],
  ];
  for (const [sql, expected] of calls)
    it(`calls in ${sql}`, () => assert.deepEqual(functionCalls(sql).map((call) => `${call.schema ? `${call.schema}.` : ""}${call.name}/${call.arguments}`), expected));

  const same: readonly [string, string, boolean][] = [
    ["a is null", "A  IS\nNULL", true],
    ['"t"."a" is null', "(a is null)", true],
    ['"A" is null', "a is null", false],
    ["name = 'a'", "name = 'A'", false],
    ["a != 1", "a <> 1", true],
    ["a = 1", "1 = a", false],
    ["(a) and (b)", "((a) and (b))", true],
    ["(a) and (b)", "a) and (b", false],
    ["a /* x */ is null", "a is null", true],
  ];
  for (const [a, b, expected] of same) it(`${a} ${expected ? "is" : "is not"} ${b.replace(/\n/g, " ")}`, () => assert.equal(sameExpression(expression(a), expression(b), "t"), expected));
  it("what cannot be read is like nothing, itself included", () => assert.equal(sameExpression(expression("f()", false), expression("f()", false), "t"), false));
  it("no predicate is like no predicate", () => assert.equal(sameExpression(undefined, undefined, "t"), true));
});
