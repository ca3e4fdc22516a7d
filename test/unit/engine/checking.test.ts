import * as assert from "node:assert/strict";
import { activeRules, createChecker, findingKey, type OnFailure } from "../../../server/src/checking";
import { defaults } from "../../../server/src/config";
import type { ForeignKey, SchemaModel, Table } from "../../../server/src/model/schema";
import type { Rule } from "../../../server/src/rules/rule";

const example = { drizzle: "" };
const described = { summary: "", why: "", severity: "warning", bad: example, good: example } as const;

function table(name: string, foreignKeys: readonly ForeignKey[] = []): Table {
  return { name: { schema: "public", name }, property: name, columns: [], uniques: [], foreignKeys, indexes: [], checks: [], relations: [], complete: true };
}

function referenceTo(name: string): ForeignKey {
  return { columns: [`${name}_id`], references: { table: { schema: "public", name }, columns: ["id"] }, onDelete: "no action", onUpdate: "no action", enforced: true };
}

function schema(...tables: readonly Table[]): SchemaModel {
  return { id: "schema.ts", source: "drizzle", dialect: "postgresql", tables, enums: [] };
}

function checkerOf(rule: Rule, onFailure: OnFailure = (_, __, error) => { throw error; }) {
  return createChecker(activeRules([["group/rule", rule]], defaults), onFailure);
}

describe("checking", () => {
  it("checks only the changed table again", () => {
    const checked: string[] = [];
    const checker = checkerOf({ ...described, *checkTable(one) { checked.push(one.name.name); yield { message: one.name.name }; } });
    const a = table("a"), b = table("b");
    assert.deepEqual(checker.check(schema(a, b)).map((finding) => finding.message), ["a", "b"]);
    checked.length = 0;
    assert.deepEqual(checker.check(schema(a, table("b"))).map((finding) => finding.message), ["a", "b"]);
    assert.deepEqual(checked, ["b"]);
  });

  it("checks a table again when a table that it looked up changes, appears or goes", () => {
    const checker = checkerOf({
      ...described,
      *checkTable(one, context) { if (one.name.name === "a") yield { message: `columns of b: ${context.table({ schema: "public", name: "b" })?.property}` }; },
    });
    const a = table("a");
    const say = (...others: Table[]) => checker.check(schema(a, ...others)).map((finding) => finding.message);
    assert.deepEqual(say(), ["columns of b: undefined"]);
    assert.deepEqual(say(table("b")), ["columns of b: b"]);
    assert.deepEqual(say({ ...table("b"), property: "other" }), ["columns of b: other"]);
    assert.deepEqual(say(), ["columns of b: undefined"]);
  });

  it("checks a table again when a key that references it comes or goes", () => {
    const checker = checkerOf({
      ...described,
      *checkTable(one, context) { if (one.name.name === "a") yield { message: context.referencedBy(one.name).map((reference) => reference.table.name.name).join() }; },
    });
    const a = table("a");
    const say = (...others: Table[]) => checker.check(schema(a, ...others)).map((finding) => finding.message);
    assert.deepEqual(say(table("b")), [""]);
    assert.deepEqual(say(table("b", [referenceTo("a")])), ["b"]);
    assert.deepEqual(say(table("b")), [""]);
  });

  it("checks every table again for a rule that asks for all of them", () => {
    const checker = checkerOf({ ...described, *checkTable(one, context) { yield { message: `${one.name.name} of ${context.tables().length}` }; } });
    const a = table("a");
    assert.deepEqual(checker.check(schema(a)).map((finding) => finding.message), ["a of 1"]);
    assert.deepEqual(checker.check(schema(a, table("b"))).map((finding) => finding.message), ["a of 2", "b of 2"]);
  });

  it("contains a rule that throws, and names it and the file", () => {
    const failures: string[] = [];
    const broken: Rule = { ...described, *checkTable(one) { if (one.name.name === "a") throw new Error("broken"); yield { message: "still here" }; } };
    const checker = checkerOf(broken, (where, file, error) => failures.push(`${where} ${file} ${(error as Error).message}`));
    const a: Table = { ...table("a"), at: { file: "/w/schema.ts", start: 0, end: 1 } };
    assert.deepEqual(checker.check(schema(a, table("b"))).map((finding) => finding.message), ["still here"]);
    assert.deepEqual(failures, ["group/rule /w/schema.ts broken"]);
  });

  it("takes severities and options from the rule's own id before its group", () => {
    const rule: Rule = { ...described, options: { bound: { description: "", type: "number", default: 5 } } };
    const of = (rules: (typeof defaults)["rules"]) => activeRules([["group/rule", rule]], { ...defaults, rules }).map(({ severity, options }) => [severity, options["bound"]]);
    assert.deepEqual(of({}), [["warning", 5]]);
    assert.deepEqual(of({ "group/*": { severity: "off" } }), []);
    assert.deepEqual(of({ "group/*": { severity: "off" }, "group/rule": { severity: "error", bound: 7 } }), [["error", 7]]);
  });

  it("keeps a finding's key through moved lines, and changes it with table, columns and name", () => {
    const name = { schema: "public", name: "orders" };
    assert.equal(findingKey("fk/unindexed", name, ["client_id"], undefined), findingKey("fk/unindexed", { ...name }, ["client_id"], undefined));
    const keys = [findingKey("fk/unindexed", name, ["client_id"], undefined), findingKey("fk/unindexed", name, ["user_id"], undefined),
      findingKey("fk/unindexed", { schema: "audit", name: "orders" }, ["client_id"], undefined), findingKey("fk/unindexed", name, ["client_id"], "a"), findingKey("fk/duplicate", name, ["client_id"], undefined)];
    assert.equal(new Set(keys).size, keys.length);
  });
});
