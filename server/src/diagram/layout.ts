// Where each table of a diagram stands. Within a group dagre says which table is left of which and in what order; the
// columns that follow from it are folded to about a square, and the groups are packed in shelves.
import { Graph, layout } from "@dagrejs/dagre";
import type { Diagram } from "./diagram";
import { groupsOf } from "./groups";
import { tableSize, type Size } from "./measures";

/** Top left corner and size of a table, in pixels at full size. */
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export interface PlacedDiagram extends Diagram, Size {
  /** By position in `tables`; none overlaps another. */
  readonly boxes: readonly Box[];
}

const betweenTables = 28;
/** Wide enough for the curves of the foreign keys. */
const betweenColumns = 76;
const betweenGroups = 72;
const margin = 32;
/** Width to height that the whole shall have, about that of an editor. */
const aspect = 1.6;

/** The whole at once. */
export function placed(diagram: Diagram): PlacedDiagram {
  const steps = placing(diagram);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of some milliseconds each, a group at a time, for those who have other things to do in between. */
export function* placing(diagram: Diagram): Generator<undefined, PlacedDiagram> {
  const sizes = diagram.tables.map(tableSize);
  const groups: Group[] = [];
  for (const tables of groupsOf(diagram)) {
    groups.push(tables.length === 1 ? single(tables[0]!, sizes) : placedGroup(tables, diagram, sizes));
    if (tables.length > 1) yield;
  }
  return { ...diagram, ...packed(groups, sizes) };
}

/** Tables with their places within the group. */
interface Group extends Size {
  readonly places: readonly { readonly table: number; readonly x: number; readonly y: number }[];
}

const single = (table: number, sizes: readonly Size[]): Group => ({ ...sizes[table]!, places: [{ table, x: 0, y: 0 }] });

function placedGroup(tables: readonly number[], { keys }: Diagram, sizes: readonly Size[]): Group {
  const graph = new Graph({ multigraph: false }).setGraph({ rankdir: "LR", nodesep: betweenTables, ranksep: betweenColumns }).setDefaultEdgeLabel(() => ({}));
  const inside = new Set(tables);
  for (const table of tables) graph.setNode(String(table), { ...sizes[table]! });
  // What is referenced stands left of what references it.
  for (const { from, to } of keys) if (from !== to && inside.has(from) && inside.has(to)) graph.setEdge(String(to), String(from), {});
  layout(graph);

  const ranks = new Map<number, { table: number; y: number }[]>();
  for (const table of tables) {
    const { x, y } = graph.node(String(table)) as { x: number; y: number };
    const rank = Math.round(x);
    ranks.set(rank, [...(ranks.get(rank) ?? []), { table, y }]);
  }
  const columns = [...ranks].sort(([a], [b]) => a - b).map(([, rank]) => rank.sort((a, b) => a.y - b.y).map(({ table }) => table));
  return inColumns(folded(columns, sizes), sizes);
}

/** No column higher than the group would be as a square. */
function folded(columns: readonly (readonly number[])[], sizes: readonly Size[]): readonly (readonly number[])[] {
  const all = columns.flat().map((table) => sizes[table]!);
  const area = all.reduce((sum, { width, height }) => sum + (width + betweenColumns) * (height + betweenTables), 0);
  const limit = Math.max(Math.sqrt(area), ...all.map(({ height }) => height));
  return columns.flatMap((column) => {
    const height = column.reduce((sum, table) => sum + sizes[table]!.height + betweenTables, 0);
    const parts = Math.ceil(height / (limit * 1.15));
    const folds: number[][] = [[]];
    let filled = 0;
    for (const table of column) {
      if (filled > 0 && filled + sizes[table]!.height / 2 > height / parts) {
        folds.push([]);
        filled = 0;
      }
      folds.at(-1)!.push(table);
      filled += sizes[table]!.height + betweenTables;
    }
    return folds;
  });
}

function inColumns(columns: readonly (readonly number[])[], sizes: readonly Size[]): Group {
  const heights = columns.map((column) => column.reduce((sum, table) => sum + sizes[table]!.height + betweenTables, -betweenTables));
  const height = Math.max(...heights);
  const places: { table: number; x: number; y: number }[] = [];
  let x = 0;
  for (const [at, column] of columns.entries()) {
    const width = Math.max(...column.map((table) => sizes[table]!.width));
    let y = (height - heights[at]!) / 2;
    for (const table of column) {
      places.push({ table, x, y });
      y += sizes[table]!.height + betweenTables;
    }
    x += width + betweenColumns;
  }
  return { width: x - betweenColumns, height, places };
}

/** Shelves, the highest group first; a single table fits into what is left of a shelf. */
function packed(groups: readonly Group[], sizes: readonly Size[]): Size & { readonly boxes: readonly Box[] } {
  const area = groups.reduce((sum, { width, height }) => sum + (width + betweenGroups) * (height + betweenGroups), 0);
  const limit = Math.max(Math.sqrt(area * aspect), ...groups.map(({ width }) => width));
  const boxes: Box[] = sizes.map((size) => ({ ...size, x: 0, y: 0 }));
  const shelves: { readonly y: number; readonly height: number; x: number }[] = [];
  let [bottom, right] = [margin, margin];
  for (const group of [...groups].sort((a, b) => b.height - a.height)) {
    let shelf = shelves.find(({ x, height }) => x + group.width <= limit + margin && group.height <= height);
    if (!shelf) {
      shelves.push((shelf = { y: bottom, height: group.height, x: margin }));
      bottom += group.height + betweenGroups;
    }
    for (const { table, x, y } of group.places) boxes[table] = { ...sizes[table]!, x: Math.round(shelf.x + x), y: Math.round(shelf.y + y) };
    shelf.x += group.width + betweenGroups;
    right = Math.max(right, shelf.x - betweenGroups);
  }
  return { boxes, width: Math.ceil(right) + margin, height: Math.max(Math.ceil(bottom) - betweenGroups + margin, 2 * margin) };
}
