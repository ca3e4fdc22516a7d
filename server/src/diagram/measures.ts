// How large a table of a diagram is, in pixels at full size, without asking a browser: its text is set in a monospaced font.
import type { DiagramColumn, DiagramTable } from "./diagram";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const headerHeight = 30;
export const rowHeight = 20;
export const fontSize = 12;
/** Left of a column's name: the letters of its keys. */
export const keyWidth = 32;
/** Right of a column's type: the mark of a finding. */
export const markWidth = 22;
const gap = 16;
/** Of the font's size; monospaced fonts have 0.55 to 0.61. */
const characterWidth = 0.61;
const longestName = 36;
const longestType = 24;
const smallest = 150;

export function tableSize(table: DiagramTable): Size {
  const rows = table.columns.map((column) => keyWidth + textWidth(shownName(column.name)) + gap + textWidth(shownType(column)) + markWidth);
  const header = textWidth(shownTitle(table), fontSize + 1) + 2 * markWidth;
  return { width: Math.ceil(Math.max(smallest, header, ...rows)), height: headerHeight + table.columns.length * rowHeight + (table.columns.length > 0 ? 6 : 0) };
}

/** Middle of a column's row below the table's top; of a column that the table does not have, that of the header. */
export function rowMiddle({ columns }: DiagramTable, name: string | undefined): number {
  const at = columns.findIndex((column) => column.name === name);
  return at < 0 ? headerHeight / 2 : headerHeight + 3 + at * rowHeight + rowHeight / 2;
}

export const shownTitle = ({ schema, name }: Pick<DiagramTable, "schema" | "name">): string => shortened(schema === null ? name : `${schema}.${name}`, longestName + 4);
export const shownName = (name: string): string => shortened(name, longestName);
export const shownType = ({ type, nullable }: Pick<DiagramColumn, "type" | "nullable">): string => shortened(type, longestType) + (nullable ? "?" : "");

function shortened(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

/** Pixels. East Asian characters and pictures are twice as wide as Latin letters. */
function textWidth(text: string, size = fontSize): number {
  let width = 0;
  for (const character of text) width += character.codePointAt(0)! >= 0x1100 ? 2 : 1;
  return width * size * characterWidth;
}
