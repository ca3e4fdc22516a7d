// The diagram's page, in a webview: builds the drawing element by element (names are text, never markup), pans, zooms,
// searches, and tells the extension what was clicked. It keeps nothing but the view.
import { drawing, type Drawn } from "../../../../server/src/diagram/drawing";
import type { PlacedDiagram } from "../../../../server/src/diagram/layout";
import { svgOf } from "../../../../server/src/diagram/svg";
import type { DiagramPageMessage, DiagramShown } from "../../../../server/src/lsp/protocol";
import { matchesOf, type Match } from "./search";
import { viewport } from "./viewport";

declare function acquireVsCodeApi(): { postMessage(message: DiagramPageMessage): void };

const vscode = acquireVsCodeApi();
const element = <Kind extends Element>(id: string): Kind => document.getElementById(id) as unknown as Kind;
const world = element<SVGGElement>("world");
const search = element<HTMLInputElement>("search");
const found = element<HTMLElement>("found");
const view = viewport(element<SVGSVGElement>("canvas"), world);

let diagram: PlacedDiagram | undefined;
let matches: readonly Match[] = [];
let current = -1;

window.addEventListener("message", ({ data }: MessageEvent<DiagramShown>) => {
  if (data?.kind !== "show") return;
  const first = diagram === undefined;
  diagram = data.diagram;
  world.replaceChildren(...drawing(diagram).map(built));
  for (const node of world.querySelectorAll<SVGGElement>(".table:not(.unknown)")) {
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", labelOf(Number(node.dataset["table"])));
  }
  view.bounds(diagram);
  if (first) view.fit();
  find();
  if (data.focus !== undefined) goTo(data.focus);
  document.body.dataset["tables"] = String(diagram.tables.length);
});

function built({ tag, attributes, children = [], text }: Drawn): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text === undefined) node.append(...children.map(built));
  else node.textContent = text;
  return node;
}

function labelOf(position: number): string {
  const { name, columns, findings } = diagram!.tables[position]!;
  return `${name}, ${columns.length} columns, ${findings.length} findings. Press Enter to open its declaration.`;
}

function open(target: Element): void {
  const table = target.closest<SVGGElement>(".table:not(.unknown)");
  if (!table) return;
  const column = target.closest<SVGGElement>(".row")?.dataset["column"];
  vscode.postMessage({ kind: "open", table: Number(table.dataset["table"]), ...(column !== undefined && { column: Number(column) }) });
}

view.onClick(open);
world.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target instanceof Element) open(event.target);
});

// The keys of the table under the pointer, or with the focus, stand out, and so do the tables at their other ends.
function light(target: EventTarget | null): void {
  const table = target instanceof Element ? target.closest<SVGGElement>(".table")?.dataset["table"] : undefined;
  for (const node of world.querySelectorAll(".lit")) node.classList.remove("lit");
  world.classList.toggle("lighting", table !== undefined);
  if (table === undefined) return;
  const ends = new Set([table]);
  for (const key of world.querySelectorAll<SVGGElement>(".key")) {
    const { from, to } = key.dataset;
    if (from !== table && to !== table) continue;
    key.classList.add("lit");
    ends.add(from!).add(to!);
  }
  for (const end of ends) world.querySelector(`[data-table="${end}"]`)?.classList.add("lit");
}
world.addEventListener("pointerover", ({ target }) => light(target));
world.addEventListener("pointerleave", () => light(null));
world.addEventListener("focusin", ({ target }) => {
  light(target);
  const table = target instanceof Element ? target.closest<SVGGElement>(".table")?.dataset["table"] : undefined;
  if (table !== undefined && target instanceof Element && target.matches(":focus-visible")) view.reveal(diagram!.boxes[Number(table)]!);
});

/** Marks what is found and goes to the first of it. */
function find(): void {
  for (const node of world.querySelectorAll(".found, .current")) node.classList.remove("found", "current");
  matches = diagram ? matchesOf(diagram, search.value) : [];
  current = -1;
  for (const { table, columns } of matches) {
    const node = tableNode(table);
    node?.classList.add("found");
    for (const column of columns) node?.querySelector(`[data-column="${column}"]`)?.classList.add("found");
  }
  world.classList.toggle("searching", search.value.trim() !== "");
  tell();
}

function next(step: 1 | -1): void {
  if (matches.length === 0) return;
  current = (current + step + matches.length) % matches.length;
  goTo(matches[current]!.table);
  tell();
}

function goTo(table: number): void {
  world.querySelector(".current")?.classList.remove("current");
  tableNode(table)?.classList.add("current");
  view.reveal(diagram!.boxes[table]!);
}

const tableNode = (table: number): Element | null => world.querySelector(`[data-table="${table}"]`);

function tell(): void {
  const { tables, keys } = diagram ?? { tables: [], keys: [] };
  const findings = tables.reduce((sum, table) => sum + table.findings.length, 0);
  found.textContent = search.value.trim() === "" ? `${counted(tables.length, "table")}, ${counted(keys.length, "foreign key")}, ${counted(findings, "finding")}`
    : matches.length === 0 ? "nothing found" : current < 0 ? `${counted(matches.length, "table")} found` : `${current + 1} of ${matches.length}`;
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

search.addEventListener("input", () => {
  find();
  next(1);
});
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
  if (event.key === "Escape") {
    search.value = "";
    find();
  }
});
const buttons: Readonly<Record<string, () => void>> = {
  "zoom-in": () => view.zoom(1.3),
  "zoom-out": () => view.zoom(1 / 1.3),
  fit: () => view.fit(),
  refresh: () => vscode.postMessage({ kind: "refresh" }),
  export: () => diagram && vscode.postMessage({ kind: "export", svg: svgOf(diagram) }),
};
for (const [id, act] of Object.entries(buttons)) element(id).addEventListener("click", act);
window.addEventListener("keydown", (event) => {
  if (event.target === search) return;
  const act = { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", "0": "fit" }[event.key];
  if (act && !event.ctrlKey && !event.metaKey) buttons[act]!();
  else if (event.key === "/" || (event.key === "f" && (event.ctrlKey || event.metaKey))) search.focus();
  else return;
  event.preventDefault();
});

vscode.postMessage({ kind: "ready" });
