// The values of an enum's block: lines that come stand where the database has them, lines that go take nothing else along.
import type { EnumType, SchemaModel } from "../../model/schema";
import type { TextEdit } from "../source";
import type { OpenFiles } from "./model-block";

/** The edits that give the enum the values `to`, as the database names them; undefined where one of them is a default that goes. */
export function enumEdits(type: EnumType, to: readonly string[], model: SchemaModel, open: OpenFiles): readonly TextEdit[] | undefined {
  const block = open.enumBlock(type);
  const gone = type.values.filter((value) => !to.includes(value));
  const isDefault = (value: string): boolean => model.tables.some((table) => table.columns.some((column) => column.type.enum?.name === type.name.name && column.default?.sql.startsWith(`'${value}'`)));
  if (!block || gone.some(isDefault) || !to.some((value) => block.lines.has(value))) return undefined;
  const edits: TextEdit[] = [];
  for (const value of gone) {
    const line = block.lines.get(value);
    if (!line) return undefined;
    edits.push({ file: block.file, start: line.start, end: line.next, text: "" });
  }
  const taken = new Set(block.valueNames.values());
  for (const [index, value] of to.entries()) {
    if (block.lines.has(value)) continue;
    const name = nameOf(value);
    if (taken.has(name)) return undefined;
    taken.add(name);
    const text = `${block.indent}${name}${name === value ? "" : ` @map(${JSON.stringify(value)})`}${block.newline}`;
    const before = to.slice(0, index).reverse().find((one) => block.lines.has(one));
    const at = before === undefined ? Math.min(...[...block.lines.values()].map(({ start }) => start)) : block.lines.get(before)!.next;
    edits.push({ file: block.file, start: at, end: at, text });
  }
  return edits;
}

/** A value's name in the schema: itself, or what is left of it where Prisma takes no such name. */
export function nameOf(value: string): string {
  if (/^[A-Za-z]\w*$/.test(value)) return value;
  const plain = value.replace(/\W+/g, "_").replace(/^_+|_+$/g, "");
  return /^[A-Za-z]/.test(plain) ? plain : `value_${plain}`;
}
