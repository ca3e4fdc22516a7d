// The SQL that drizzle-kit 1.0 writes for the statements that are no conflict where two branches have the same text of
// them: it is only hashed, never run. What Plumbline runs in their place is its own.
import { literal, postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import { roleText } from "../../dialects/postgres-policies";
import { isSerial, keysOf, type EnumColumn, type Repeatable } from "./drizzle-changes";
import { alteredViewSql } from "./drizzle-views";
import { text, texts, type Entities, type Entity } from "./drizzle-entities";

const { quote } = postgres;

/** In the kit's order, with its white space and semicolons. */
export function kitSql(change: Repeatable, after: Entities): readonly string[] {
  switch (change.kind) {
    case "alter_column": return alteredColumn(change);
    case "recreate_column": return [`ALTER TABLE ${tableOf(change.to)} DROP COLUMN ${quoted(change.to)};`, addedColumn(change.to, isOnlyKey(change.to, after))];
    case "recreate_index": return [`DROP INDEX ${inSchema(change.to)};`, createdIndex(change.to)];
    case "alter_pk": return [droppedConstraint(change.to), addedKey(change.to)];
    case "recreate_fk": return [replaced(change.to, `FOREIGN KEY (${listed(texts(change.to, "columns"))}) REFERENCES ${tableName({ schema: text(change.to, "schemaTo"), name: text(change.to, "tableTo") }, postgres)}(${listed(texts(change.to, "columnsTo"))})${action("DELETE", change.to["onDelete"])}${action("UPDATE", change.to["onUpdate"])}`)];
    case "alter_unique": return [droppedConstraint(change.from), `ALTER TABLE ${tableOf(change.to)} ADD CONSTRAINT ${quoted(change.to)} UNIQUE${change.to["nullsNotDistinct"] === true ? " NULLS NOT DISTINCT" : ""}(${listed(texts(change.to, "columns"))});`];
    case "alter_check": return [replaced(change.to, `CHECK (${text(change.to, "value")})`)];
    case "alter_view": return alteredViewSql(change.from, change.to);
    case "alter_sequence": return [alteredSequence(change.to)];
    case "recreate_enum": return recreatedType(change.to, change.columns);
    case "alter_policy": return [`ALTER POLICY ${quoted(change.to)} ON ${tableOf(change.to)} TO ${policyTerms(change.to)};`];
    case "recreate_policy": return [`DROP POLICY ${quoted(change.to)} ON ${tableOf(change.to)};`, `CREATE POLICY ${quoted(change.to)} ON ${tableOf(change.to)} AS ${text(change.to, "as")} FOR ${text(change.to, "for")} TO ${policyTerms(change.to)};`];
    case "alter_role": return [`ALTER ROLE ${quoted(change.to)} WITH${([["createDb", "CREATEDB"], ["createRole", "CREATEROLE"], ["inherit", "INHERIT"]] as const).map(([field, word]) => (change.fields.has(field) ? ` ${change.to[field] === true ? "" : "NO"}${word}` : "")).join("")};`];
    case "alter_rls": return [`ALTER TABLE ${inSchema(change.to)} ${change.to["isRlsEnabled"] === true ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY;`];
  }
}

const quoted = (entity: Entity): string => quote(text(entity, "name"));
const listed = (columns: readonly string[]): string => columns.map(quote).join(",");
const tableOf = (entity: Entity): string => tableName({ schema: text(entity, "schema"), name: text(entity, "table") }, postgres);
const inSchema = (entity: Entity): string => tableName({ schema: text(entity, "schema"), name: text(entity, "name") }, postgres);
const droppedConstraint = (entity: Entity): string => `ALTER TABLE ${tableOf(entity)} DROP CONSTRAINT ${quoted(entity)};`;
const replaced = (entity: Entity, constraint: string): string => `ALTER TABLE ${tableOf(entity)} DROP CONSTRAINT ${quoted(entity)}, ADD CONSTRAINT ${quoted(entity)} ${constraint};`;
const action = (when: string, what: unknown): string => (what === "NO ACTION" ? "" : ` ON ${when} ${String(what)}`);
const lists = (column: Entity): string => "[]".repeat(Number(column["dimensions"]));

function policyTerms(policy: Entity): string {
  const [using, withCheck] = [policy["using"], policy["withCheck"]].map((one) => (one ? String(one) : undefined));
  return `${texts(policy, "roles").map(roleText).join(", ")}${using === undefined ? "" : ` USING (${using})`}${withCheck === undefined ? "" : ` WITH CHECK (${withCheck})`}`;
}

function addedKey(key: Entity): string {
  const columns = texts(key, "columns").map(quote).join(",");
  return key["nameExplicit"] === true ? `ALTER TABLE ${tableOf(key)} ADD CONSTRAINT ${quoted(key)} PRIMARY KEY(${columns});` : `ALTER TABLE ${tableOf(key)} ADD PRIMARY KEY (${columns});`;
}

function isOnlyKey(column: Entity, after: Entities): boolean {
  return [...after.values()].some((one) => one.entityType === "pks" && one["schema"] === column["schema"] && one["table"] === column["table"] && texts(one, "columns").length === 1 && texts(one, "columns")[0] === column["name"]);
}

function createdIndex(index: Entity): string {
  const keys = keysOf(index).map(({ value, isExpression, asc, nullsFirst, opclass }) => {
    const nulls = asc === nullsFirst ? (nullsFirst ? " NULLS FIRST" : " NULLS LAST") : "";
    return `${isExpression ? value : quote(value)}${opclass && !opclass.default ? ` ${opclass.name}` : ""}${asc ? "" : " DESC"}${nulls}`;
  });
  const method = index["method"] === "btree" ? "" : ` USING ${text(index, "method")}`;
  return `CREATE ${index["isUnique"] === true ? "UNIQUE " : ""}INDEX${index["concurrently"] === true ? " CONCURRENTLY" : ""} ${quoted(index)} ON ${tableOf(index)}${method} (${keys.join(",")})${index["with"] ? ` WITH (${text(index, "with")})` : ""}${index["where"] ? ` WHERE ${text(index, "where")}` : ""};`;
}

function typeName(column: Entity): string {
  const schema = column["typeSchema"];
  return schema ? tableName({ schema: text(column, "typeSchema"), name: text(column, "type") }, postgres) : text(column, "type");
}

function defaultText(column: Entity, value: unknown): string {
  const list = Number(column["dimensions"]) > 0;
  return column["typeSchema"] ? `${String(value)}::${typeName(column)}${list ? "[]" : ""}` : `${String(value)}${list ? `::${text(column, "type")}[]` : ""}`;
}

/** Of a generated column, which has no default and no identity. */
function addedColumn(column: Entity, isKey: boolean): string {
  const { as } = column["generated"] as { readonly as: string };
  return `ALTER TABLE ${tableOf(column)} ADD COLUMN ${quoted(column)} ${typeName(column)}${lists(column)}${isKey ? " PRIMARY KEY" : ""} GENERATED ALWAYS AS (${as}) STORED;`;
}

const integers: Readonly<Record<string, string>> = { smallserial: "smallint", serial: "int", bigserial: "bigint" };

function alteredColumn({ from, to, fields, isEnum, wasEnum }: Repeatable & { readonly kind: "alter_column" }): readonly string[] {
  const alter = (what: string): string => `ALTER TABLE ${tableOf(to)} ALTER COLUMN ${quoted(to)} ${what};`;
  const typeChanges = ["type", "typeSchema", "dimensions"].some((field) => fields.has(field));
  const anew = typeChanges && (isEnum || wasEnum || fields.has("dimensions")) && Boolean(from["default"]);
  const plain = isSerial(text(to, "type")) ? integers[text(to, "type")]! : text(to, "type");
  const outside = to["typeSchema"] && to["typeSchema"] !== "public";
  const type = isEnum || outside ? typeName({ ...to, typeSchema: to["typeSchema"] ?? "public" }) : plain;
  const using = `${isEnum && wasEnum ? "text::" : ""}${isEnum ? type : plain}${lists(to)}`;
  return [
    ...(anew ? [alter("DROP DEFAULT")] : []),
    ...(typeChanges ? [alter(`SET DATA TYPE ${type}${lists(to)}${to["generated"] ? "" : ` USING ${quoted(to)}::${using}`}`)] : []),
    ...(anew && to["default"] ? [alter(`SET DEFAULT ${defaultText(to, to["default"])}`)] : []),
    ...(fields.has("default") && !anew ? [alter(to["default"] ? `SET DEFAULT ${defaultText(to, to["default"])}` : "DROP DEFAULT")] : []),
    ...(fields.has("notNull") ? [alter(to["notNull"] === true ? "SET NOT NULL" : "DROP NOT NULL")] : []),
  ];
}

function alteredSequence(sequence: Entity): string {
  const clause = (words: string, value: unknown): string => (value ? ` ${words} ${String(value)}` : "");
  const { incrementBy, minValue, maxValue, startWith, cacheSize, cycle } = sequence;
  return `ALTER SEQUENCE ${inSchema(sequence)}${clause("INCREMENT BY", incrementBy)}${clause("MINVALUE", minValue)}${clause("MAXVALUE", maxValue)}${clause("START WITH", startWith)}${clause("CACHE", cacheSize)}${cycle === true ? " CYCLE" : ""};`;
}

function recreatedType(type: Entity, columns: readonly EnumColumn[]): readonly string[] {
  const alter = (column: Entity, what: string): string => `ALTER TABLE ${tableOf(column)} ALTER COLUMN ${quoted(column)} ${what};`;
  return [
    ...columns.flatMap(({ column }) => [alter(column, `SET DATA TYPE text${lists(column)}`), ...(column["default"] ? [alter(column, "DROP DEFAULT")] : [])]),
    `DROP TYPE ${inSchema(type)};`,
    `CREATE TYPE ${inSchema(type)} AS ENUM(${texts(type, "values").map(literal).join(", ")});`,
    ...columns.flatMap(({ column, defaultAfter }) => [
      alter(column, `SET DATA TYPE ${inSchema(type)}${lists(column)} USING ${quoted(column)}::${inSchema(type)}${lists(column)}`),
      ...(defaultAfter ? [alter(column, `SET DEFAULT ${defaultText(column, defaultAfter)}`)] : []),
    ]),
  ];
}
