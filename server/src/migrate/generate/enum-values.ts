// A value of an enum under another name: the rows keep it, and so does all that PostgreSQL has stored of the type, which
// knows values by number. Only texts that are cast to another type stay as they were.
import { literal } from "../../dialects/postgres";
import { sqlWords } from "../../indexes/expression-text";
import type { Change } from "../../model/change";
import type { Expression, QualifiedName, SchemaModel } from "../../model/schema";
import { sameTable } from "../../model/table-key";

/** With the values that stand, where those of the code cannot be read. */
export function withReadEnums(wanted: SchemaModel, before: SchemaModel): SchemaModel {
  if (!wanted.enums.some(({ unread }) => unread)) return wanted;
  return { ...wanted, enums: wanted.enums.map((type) => { const standing = type.unread && before.enums.find(({ name }) => sameTable(name, type.name)); return standing ? { ...type, values: standing.values } : type; }) };
}

/** The schema once the value has its new name: in the type, and in defaults, checks, indexes and generated columns that say it as a value of the type. */
export function renameEnumValue(model: SchemaModel, { name, from, to }: Extract<Change, { readonly kind: "rename-enum-value" }>): SchemaModel {
  const renamed = <Said extends Expression | undefined>(expression: Said, alone: boolean): Said => {
    const sql = expression && withValueRenamed(expression.sql, name, { from, to, alone });
    return expression === undefined || sql === expression.sql ? expression : { ...expression, sql, ...(expression.recorded !== undefined && { recorded: sql }) };
  };
  return {
    ...model,
    enums: model.enums.map((type) => (sameTable(type.name, name) ? { ...type, values: type.values.map((value) => (value === from ? to : value)) } : type)),
    tables: model.tables.map((table) => {
      const own = (column: string): boolean => table.columns.some((one) => one.name === column && one.type.enum && sameTable(one.type.enum, name));
      if (!table.columns.some((column) => own(column.name))) return table;
      return {
        ...table,
        columns: table.columns.map((column) => (column.default ? { ...column, default: renamed(column.default, own(column.name) && !column.generated) } : column)),
        checks: table.checks.map((check) => ({ ...check, expression: renamed(check.expression, false) })),
        indexes: table.indexes.map((index) => ({
          ...index,
          keys: index.keys.map((key) => (key.expression ? { ...key, expression: renamed(key.expression, false) } : key)),
          ...(index.where && { where: renamed(index.where, false) }),
        })),
      };
    }),
  };
}

/** Literals with a cast to the type behind them; `alone`: the whole text is a value of the type, cast or not. In a list of values (`'{open,paid}'`) it is one of them. */
function withValueRenamed(sql: string, type: QualifiedName, { from, to, alone }: { readonly from: string; readonly to: string; readonly alone: boolean }): string {
  const words = sqlWords(sql);
  let text = "";
  let end = 0;
  for (const [at, word] of words.entries()) {
    if (word.kind !== "literal") continue;
    const cast = words[at + 1]?.text === "::" ? words.slice(at + 2, at + 5) : [];
    const [first, dot, second] = cast;
    const named = dot?.text === "." ? { schema: first!.text, name: second?.text ?? "" } : { schema: "public", name: first?.text ?? "" };
    if (!(cast.length === 0 ? alone && words.length === 1 : sameTable(named, type) || (named.schema === "public" && named.name === type.name))) continue;
    const fresh = word.text === literal(from) ? literal(to) : listWith(word.text, from, to);
    if (fresh === undefined) continue;
    text += sql.slice(end, word.start) + fresh;
    end = word.end;
  }
  return text + sql.slice(end);
}

/** `'{open,"half paid"}'` with one value under its new name; undefined where the text is no such list, or has not the value. */
function listWith(text: string, from: string, to: string): string | undefined {
  const inside = /^'\{(.*)\}'$/s.exec(text)?.[1]?.replaceAll("''", "'");
  if (inside === undefined) return undefined;
  const items = [...inside.matchAll(/"((?:[^"\\]|\\.)*)"|([^",]+)/gs)].map(([, quoted, plain]) => quoted?.replaceAll(/\\(.)/gs, "$1") ?? plain!);
  if (!items.includes(from)) return undefined;
  const written = (item: string): string => (/^[^\s"\\{},]+$/.test(item) && !/^null$/i.test(item) ? item : `"${item.replaceAll(/["\\]/g, "\\$&")}"`);
  return literal(`{${items.map((item) => written(item === from ? to : item)).join(",")}}`);
}
