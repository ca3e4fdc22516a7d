// Enums in Drizzle code: how a column reaches one, and the edits of its list of values.
import type { ts } from "ts-morph";
import type { EnumType, QualifiedName, SchemaModel } from "../../model/schema";
import type { FileEdit } from "./edit-file";
import { specifierOf } from "./edit-foreign-key";
import type { Splice } from "./edit-list";
import { indentAt } from "./edit-list";
import { isIdentifier, quoted } from "./edit-style";
import { calledName, compiler, parsePiece } from "./edit-syntax";

export function enumNamed(model: SchemaModel, name: QualifiedName): EnumType | undefined {
  return model.enums.find((type) => type.name.name === name.name && (type.name.schema ?? "public") === (name.schema ?? "public"));
}

/** The enum's constant as the file reaches it before the offset `before`, with the import where it stands elsewhere; undefined where it cannot. */
export function enumExpression(name: QualifiedName, before: number, file: FileEdit): string | undefined {
  const type = enumNamed(file.model, name);
  // One that is about to stand at the file's end, before the new tables.
  if (type && !type.at && before === Infinity) return type.property;
  if (!type?.at || type.property === undefined || !isIdentifier(type.property)) return undefined;
  if (type.at.file === file.path) return type.at.start < before && declared(type, file.text) ? type.property : undefined;
  const text = file.files.read(type.at.file);
  const specifier = text !== undefined && declared(type, text) === "exported" ? specifierOf(type.at.file, file) : undefined;
  return specifier && file.writer.use({ module: specifier, name: type.property, otherwise: `${type.property}Enum` });
}

function declared(type: EnumType, text: string): "exported" | "local" | undefined {
  const match = new RegExp(`^(export\\s+)?const\\s+${type.property!.replace(/\$/g, "\\$&")}\\s*=`, "m").exec(text);
  return match ? (match[1] ? "exported" : "local") : undefined;
}

/** The edits that give an enum the values `to`, in that order; undefined where its values are no plain list of strings. */
export function editEnum(type: EnumType, to: readonly string[], file: FileEdit): Splice[] | undefined {
  const ts = compiler();
  if (!type.at || type.at.file !== file.path || stillDefault(type, to, file.model)) return undefined;
  const { start, end } = type.at;
  const source = parsePiece(file.path, file.text.slice(start, end));
  const lists: ts.ArrayLiteralExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ["pgEnum", "enum"].includes(calledName(node) ?? "")) {
      const values = node.arguments[1];
      if (values && ts.isArrayLiteralExpression(values)) lists.push(values);
    }
    ts.forEachChild(node, visit);
  };
  if (source) visit(source);
  const [list] = lists;
  if (!source || !list || lists.length > 1 || !list.elements.every((element) => ts.isStringLiteral(element))) return undefined;
  const before = list.elements.map((element) => (element as ts.StringLiteral).text);
  const open = start + list.getStart(source) + 1;
  const close = start + list.getEnd() - 1;
  const inside = file.text.slice(open, close);
  if (before.join("\0") !== type.values.join("\0") || /\/[/*]/.test(inside.replace(/"[^"]*"|'[^']*'/g, ""))) return undefined;
  const values = to.map((value) => quoted(value, file.quote));
  if (!inside.includes("\n")) return [{ start: open, end: close, text: inside.startsWith(" ") ? ` ${values.join(", ")} ` : values.join(", ") }];
  const first = list.elements[0];
  const indent = first ? indentAt(file.text, start + first.getStart(source)) : `${indentAt(file.text, open)}  `;
  const comma = list.elements.hasTrailingComma ? "," : "";
  return [{ start: open, end: close, text: `${file.eol}${values.map((value) => indent + value).join(`,${file.eol}`)}${comma}${file.eol}${indentAt(file.text, close)}` }];
}

/** A value that goes and is a column's default keeps the code from compiling. */
function stillDefault(type: EnumType, to: readonly string[], model: SchemaModel): boolean {
  const gone = type.values.filter((value) => !to.includes(value));
  return gone.length > 0 && model.tables.some((table) => table.columns.some((column) => column.type.enum && enumNamed(model, column.type.enum) === type && gone.some((value) => column.default?.sql.startsWith(`'${value}'`))));
}
