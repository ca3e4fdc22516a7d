// A placed diagram as SVG elements in plain data, so that a page can build them one by one and a file can hold them as
// text. Colours are classes alone; names stand only in `text`, never in markup.
import type { Severity } from "../model/finding";
import type { DiagramColumn, DiagramFinding, DiagramKey, DiagramTable } from "./diagram";
import type { Box, PlacedDiagram } from "./layout";
import { headerHeight, keyWidth, markWidth, rowHeight, rowMiddle, shownName, shownTitle, shownType } from "./measures";

/** One SVG element: either text or children. */
export interface Drawn {
  readonly tag: "g" | "path" | "rect" | "circle" | "text" | "title";
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children?: readonly Drawn[];
  readonly text?: string;
}

/** Keys below, tables above them; `data-table` and `data-column` are positions. */
export function drawing(diagram: PlacedDiagram): readonly Drawn[] {
  return [
    { tag: "g", attributes: { class: "keys" }, children: diagram.keys.map((key, position) => keyDrawn(key, position, diagram)) },
    { tag: "g", attributes: { class: "tables" }, children: diagram.tables.map((table, position) => tableDrawn(table, position, diagram.boxes[position]!)) },
  ];
}

function tableDrawn(table: DiagramTable, position: number, { x, y, width, height }: Box): Drawn {
  const title = shownTitle(table);
  const worst = worstOf(table.findings);
  const name = table.schema === null ? table.name : `${table.schema}.${table.name}`;
  return {
    tag: "g",
    attributes: { class: `table${table.known ? "" : " unknown"}${worst ? ` ${worst}` : ""}`, transform: `translate(${x} ${y})`, "data-table": position },
    children: [
      { tag: "rect", attributes: { class: "body", width, height, rx: 4 } },
      { tag: "path", attributes: { class: "header", d: `M0 ${headerHeight}V4a4 4 0 0 1 4 -4H${width - 4}a4 4 0 0 1 4 4V${headerHeight}z` } },
      titled("text", { class: "name", x: 10, y: 20 }, title, table.known ? name : `${name}: not in this schema`),
      ...(worst ? [mark(worst, table.findings, width - 14, headerHeight / 2, 8)] : []),
      { tag: "g", attributes: { class: "rows" }, children: table.columns.map((column, at) => rowDrawn(column, at, width, table.findings.filter(({ columns }) => columns.includes(column.name)))) },
      // What is to be read where the rest is too small to be.
      { tag: "text", attributes: { class: "far-name", x: width / 2, y: height / 2, "font-size": Math.max(14, Math.min(54, height / 2, Math.floor((width * 1.5) / [...title].length))) }, text: title },
    ],
  };
}

function rowDrawn(column: DiagramColumn, at: number, width: number, findings: readonly DiagramFinding[]): Drawn {
  const y = headerHeight + 3 + at * rowHeight;
  const baseline = y + 14;
  const worst = worstOf(findings);
  const keys = [...(column.primaryKey ? ["PK"] : []), ...(column.foreignKey ? ["FK"] : []), ...(column.unique && !column.primaryKey ? ["U"] : [])];
  return {
    tag: "g",
    attributes: { class: `row${column.primaryKey ? " primary" : ""}${worst ? ` ${worst}` : ""}`, "data-column": at },
    children: [
      { tag: "rect", attributes: { class: "row-body", x: 1, y, width: width - 2, height: rowHeight } },
      ...(keys.length > 0 ? [titled("text", { class: "key-letters", x: 8, y: baseline }, keys.slice(0, 2).join(" "), keys.map((letters) => keyMeanings[letters]).join(", "))] : []),
      titled("text", { class: "column", x: keyWidth + 6, y: baseline }, shownName(column.name), column.name),
      titled("text", { class: "type", x: width - markWidth, y: baseline, "text-anchor": "end" }, shownType(column), `${column.type}${column.nullable ? ", may be null" : ", not null"}`),
      ...(worst ? [mark(worst, findings, width - 11, y + rowHeight / 2, 6)] : []),
    ],
  };
}

const keyMeanings: Readonly<Record<string, string>> = { PK: "primary key", FK: "foreign key", U: "unique" };

/** A circle with a letter, so that colour is not all that tells severities apart. */
function mark(severity: Severity, findings: readonly DiagramFinding[], x: number, y: number, radius: number): Drawn {
  const letter = { error: "×", warning: "!", information: "i", hint: "·" }[severity];
  return {
    tag: "g", attributes: { class: `mark ${severity}` },
    children: [
      { tag: "title", attributes: {}, text: findings.map(({ rule, message }) => `${rule}: ${message}`).join("\n\n") },
      { tag: "circle", attributes: { cx: x, cy: y, r: radius } },
      { tag: "text", attributes: { x, y: y + radius * 0.55, "text-anchor": "middle", "font-size": radius * 1.6 }, text: letter },
    ],
  };
}

const severities: readonly Severity[] = ["error", "warning", "information", "hint"];

function worstOf(findings: readonly DiagramFinding[]): Severity | undefined {
  return severities.find((severity) => findings.some((finding) => finding.severity === severity));
}

/** A curve from row to row: a crow's foot at the table that references, a bar at the one that is referenced. */
function keyDrawn(key: DiagramKey, position: number, { tables, boxes }: PlacedDiagram): Drawn {
  const [from, to] = [boxes[key.from]!, boxes[key.to]!];
  const start = from.y + rowMiddle(tables[key.from]!, key.columns[0]);
  const end = to.y + rowMiddle(tables[key.to]!, key.references[0]);
  // The sides that face each other; tables above one another are joined at their right sides.
  const [startSide, endSide] = from.x > to.x + to.width ? [-1, 1] : to.x > from.x + from.width ? [1, -1] : [1, 1];
  const startX = startSide < 0 ? from.x : from.x + from.width;
  const endX = endSide < 0 ? to.x : to.x + to.width;
  const reach = startSide === endSide ? 44 : Math.max(30, Math.min(140, Math.abs(startX - endX) / 2));
  const foot = 10 * startSide;
  const bar = endX + 7 * endSide;
  const curve = `M${startX} ${start}C${startX + reach * startSide} ${start} ${endX + reach * endSide} ${end} ${endX} ${end}`;
  const many = key.single ? `M${startX + foot} ${start - 5}V${start + 5}` : `M${startX} ${start - 5}L${startX + foot} ${start}L${startX} ${start + 5}`;
  const [left, right] = [tables[key.from]!, tables[key.to]!];
  return {
    tag: "g",
    attributes: { class: `key${key.enforced ? "" : " relation"}${key.optional ? " optional" : ""}`, "data-key": position, "data-from": key.from, "data-to": key.to },
    children: [
      { tag: "title", attributes: {}, text: `${left.name} (${key.columns.join(", ")}) references ${right.name} (${key.references.join(", ")})${key.enforced ? "" : ", without a constraint"}` },
      { tag: "path", attributes: { class: "curve", d: curve } },
      { tag: "path", attributes: { class: "ends", d: `${many}M${bar} ${end - 5}V${end + 5}` } },
    ],
  };
}

function titled(tag: "text", attributes: Drawn["attributes"], text: string, title: string): Drawn {
  return { tag: "g", attributes: {}, children: [{ tag: "title", attributes: {}, text: title }, { tag, attributes, text }] };
}
