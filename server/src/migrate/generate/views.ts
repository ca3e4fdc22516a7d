// Views and materialized views: which of them change, and the steps that make them. What is in the way of a change of its
// tables is dropped before and made anew after, in the same transaction where that change is the only one.
import { isMadeAnew, sameView } from "../../dialects/postgres-views";
import { postgres } from "../../dialects/postgres";
import type { Change } from "../../model/change";
import type { QualifiedName, SchemaModel, View } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { label, type RenameAnswers } from "./renames";
import { bare, phases, tellOfMoreThanTables, type Context, type Step } from "./step";
import { listed, mentionsWord } from "../../model/words";

/** `declared`: views that the code has had, so that what is no longer in it goes; without it, those of a database stay. */
export function viewChanges(before: SchemaModel, after: SchemaModel, declared: readonly QualifiedName[] = []): readonly Change[] {
  if (!tellOfMoreThanTables(before, after)) return [];
  const [had, has] = [before, after].map((model) => byKey(own(model)));
  const known = new Set(declared.map(tableKey));
  const untold = new Set([...(after.views ?? []).filter(({ existing }) => existing), ...(after.unmodelled ?? []).filter(({ what }) => what === "view" || what === "materialized view")].map(({ name }) => tableKey(name)));
  const goes = (key: string): boolean => !untold.has(key) && (before.source !== "database" || after.source !== "drizzle" || known.has(key));
  return [
    ...[...had!].flatMap(([key, view]): readonly Change[] => {
      const to = has!.get(key);
      if (to) return !sameView(view, to) ? [{ kind: "alter-view", from: view, to }] : [];
      return goes(key) ? [{ kind: "drop-view", view }] : [];
    }),
    ...[...has!].flatMap(([key, view]): readonly Change[] => (had!.has(key) ? [] : [{ kind: "add-view", view }])),
  ];
}

/** Those that are its to make. */
function own({ views = [] }: SchemaModel): readonly View[] {
  return views.filter(({ existing }) => !existing);
}

function byKey(views: readonly View[]): ReadonlyMap<string, View> {
  return new Map(views.map((view) => [tableKey(view.name), view]));
}

/** The renames of views that were answered. */
export function answeredViewRenames(before: SchemaModel, after: SchemaModel, answers: RenameAnswers): readonly Change[] {
  const [had, has] = [byKey(own(before)), byKey(own(after))];
  return [...had.values()].flatMap((view): readonly Change[] => {
    const answer = answers[label(view.name)];
    const to = typeof answer === "string" && !has.has(tableKey(view.name)) ? [...has.values()].find((one) => !had.has(tableKey(one.name)) && one.materialized === view.materialized && (label(one.name) === answer || (one.name.name === answer && one.name.schema === view.name.schema))) : undefined;
    return to ? [{ kind: "rename-view", from: view.name, to: to.name, materialized: view.materialized }] : [];
  });
}

/** New views that are what a dropped one was, under another name. */
export function renamedViews(view: View, changes: readonly Change[]): readonly QualifiedName[] {
  return changes.flatMap((other) => (other.kind === "add-view" && !isMadeAnew(view, other.view) ? [other.view.name] : []));
}

/** What is to be done about a view, and when. */
interface Plan {
  readonly from?: View;
  to?: View;
  change?: Change;
  drop: number;
  create: number;
}

const structure = phases.indexOf("structure"), making = phases.indexOf("views"), last = phases.indexOf("remove");

export interface ViewSteps {
  /** They come before the other steps, and before the renames. */
  readonly drops: readonly Step[];
  /** Without those of views that are dropped. */
  readonly renames: readonly Change[];
  /** And these after them. */
  readonly creates: readonly Step[];
}

/** Of the changes of views, and of the views that stand in the way of `steps`. `renames` are those of the whole migration, which the steps come after. */
export function viewSteps(changes: readonly Change[], renames: readonly Change[], steps: readonly Step[], { before, after }: Context): ViewSteps {
  const standing = own(before), wanted = byKey(own(after));
  const plans = new Map<string, Plan>();
  const options: Extract<Change, { readonly kind: "alter-view" }>[] = [];
  for (const change of changes) {
    if (change.kind === "add-view") plans.set(tableKey(change.view.name), { to: change.view, change, drop: making, create: making });
    else if (change.kind === "drop-view") plans.set(tableKey(change.view.name), { from: change.view, change, drop: structure, create: structure });
    else if (change.kind === "alter-view" && isMadeAnew(change.from, change.to)) plans.set(tableKey(change.to.name), { from: change.from, to: change.to, change, drop: making, create: making });
    else if (change.kind === "alter-view") options.push(change);
  }
  const obstructed = (view: View): readonly number[] => steps.flatMap((step) => (step.changes.some((change) => isInTheWay(view, change, step, before)) ? [phases.indexOf(step.phase)] : []));
  // Until nothing moves: what reads a view goes before it.
  for (let moved = true; moved; ) {
    moved = false;
    for (const view of standing) {
      const key = tableKey(view.name), at = obstructed(view);
      const reads = (view.uses ?? []).flatMap((use) => plans.get(tableKey(use.name)) ?? []).filter(({ from }) => from);
      if (at.length === 0 && reads.length === 0) continue;
      let plan = plans.get(key);
      if (!plan) plans.set(key, (plan = { from: view, to: wanted.get(key) ?? view, drop: making, create: making }));
      const drop = Math.min(plan.drop, ...at, ...reads.map((one) => one.drop));
      moved ||= drop !== plan.drop;
      plan.drop = drop;
    }
  }
  // What is made anew anyway is made with its new options.
  const altered = options.filter((change) => {
    const plan = plans.get(tableKey(change.to.name));
    if (plan) Object.assign(plan, { to: change.to, change });
    return !plan;
  }).map((change): Step => ({ phase: "views", up: bare(postgres.sql(change)), down: bare(postgres.sql({ ...change, from: change.to, to: change.from })), changes: [change], title: `view ${change.to.name.name}` }));
  const renamed = new Map(renames.flatMap((change) => (change.kind === "rename-view" ? [[tableKey(change.to), change] as const] : [])));
  const schemas = new Map(renames.flatMap((change) => (change.kind === "rename-schema" ? [[change.to, change.from] as const] : [])));
  const nameBefore = ({ schema, name }: QualifiedName): QualifiedName => ({ schema: schema === null ? null : schemas.get(schema) ?? schema, name });
  const taken = new Set(steps.flatMap((step) => step.changes.flatMap((change) => (change.kind === "drop-table" ? [tableKey(change.table.name)] : []))));
  const all = [...plans.values()];
  for (const plan of all) if (plan.to && taken.has(tableKey(plan.to.name))) plan.create = last;
  const creates = inOrder(all.filter(({ to }) => to), ({ to }) => to!);
  creates.forEach((plan, at) => { plan.create = Math.max(plan.create, ...creates.slice(0, at).filter(({ to }) => mentions(plan.to!, to!)).map((one) => one.create)); });
  return {
    drops: [...inOrder(all.filter(({ from }) => from), ({ from }) => from!)].reverse().map((plan) => {
      const rename = renamed.get(tableKey(plan.from!.name));
      return dropStep(plan, nameBefore(rename?.from ?? plan.from!.name), rename);
    }),
    creates: [...altered, ...creates.map(createStep)],
    renames: renames.filter((change) => change.kind !== "rename-view" || !all.some(({ from }) => from && tableKey(from.name) === tableKey(change.to))),
  };
}

/** PostgreSQL refuses to drop or retype what a view reads: https://www.postgresql.org/docs/current/ddl-depend.html */
function isInTheWay(view: View, change: Change, step: Step, before: SchemaModel): boolean {
  const reads = (table: QualifiedName, column?: string): boolean => (view.uses ?? []).some((use) => tableKey(use.name) === tableKey(table) && (column === undefined || use.columns.includes(column)));
  switch (change.kind) {
    case "drop-table": return reads(change.table.name);
    case "drop-column": return reads(change.table, change.column.name);
    case "alter-column-type": return reads(change.table, change.column);
    case "alter-column-generation": return [change.from, change.to].some(({ generated }) => generated === "stored" || generated === "virtual") && reads(change.table, change.to.name);
    case "alter-enum": return step.up.some((sql) => !/^(--[^\n]*\n)*ALTER TYPE \S+ (ADD|RENAME) VALUE /.test(sql)) && before.tables.some((table) => table.columns.some(({ name, type }) => type.enum && tableKey(type.enum) === tableKey(change.name) && reads(table.name, name)));
    default: return false;
  }
}

/** What a view reads comes before it. */
function inOrder<One>(all: readonly One[], viewOf: (one: One) => View): readonly One[] {
  const ordered: One[] = [], open = new Set<One>();
  const visit = (one: One): void => {
    if (open.has(one)) return;
    open.add(one);
    for (const other of all) if (other !== one && mentions(viewOf(one), viewOf(other))) visit(other);
    ordered.push(one);
  };
  all.forEach(visit);
  return ordered;
}

/** In an order in which they can be made. */
export function viewsInOrder(views: readonly View[]): readonly View[] {
  return inOrder(views, (view) => view);
}

/** That a text has the other's name for a word means no more than an order. */
function mentions(view: View, other: View): boolean {
  if (view.uses) return view.uses.some(({ name }) => tableKey(name) === tableKey(other.name));
  return mentionsWord(view.definition, other.name.name);
}

/** `name`: what it is called before the renames. */
function dropStep({ from, to, change, drop }: Plan, name: QualifiedName, rename: Change | undefined): Step {
  const view = { ...from!, name };
  const besides = view.besides ?? [];
  return {
    phase: phases[drop]!, up: bare(postgres.sql({ kind: "drop-view", view })), down: [...created(view, to !== undefined), ...indexesOf(view).map(({ definition }) => definition)],
    changes: [...(rename ? [rename] : []), ...(change?.kind === "drop-view" ? [change] : [])], title: `drop view ${view.name.name}`, withNext: true,
    ...(besides.length > 0 && { losses: [`The view ${label(view.name)} is ${to ? "made anew" : "dropped"}, and its ${listed(besides)} go with it.`] }),
  };
}

function createStep({ from, to, change, create }: Plan): Step {
  const view = to!;
  const kept = from && view.materialized ? indexesOf(from).filter(({ columns }) => from.definition === view.definition || (columns !== undefined && columns.every((column) => view.output?.includes(column)))) : [];
  const lost = from ? indexesOf(from).filter((index) => !kept.includes(index)) : [];
  return {
    phase: phases[create]!, up: [...created(view, from !== undefined), ...kept.map(({ definition }) => definition)], down: bare(postgres.sql({ kind: "drop-view", view })),
    changes: change ? [change] : [], title: `view ${view.name.name}`,
    ...(lost.length > 0 && { losses: [`The materialized view ${label(view.name)} is made anew without its index${lost.length === 1 ? "" : "es"} ${listed(lost.map(({ name }) => name))}, whose columns it may not have any more. Make ${lost.length === 1 ? "it" : "them"} again by hand.`] }),
  };
}

/** Filling one takes as long as its query does, and whoever reads one that is made anew waits. */
function created(view: View, anew: boolean): readonly string[] {
  const [sql] = bare(postgres.sql({ kind: "add-view", view }));
  return [anew && view.materialized && !view.withNoData ? `-- This runs the query and takes as long: who reads the materialized view waits meanwhile.\n${sql!}` : sql!];
}

function indexesOf({ indexes = [] }: View): NonNullable<View["indexes"]> {
  return indexes;
}

/** A view that has to go for `change`, where none of `all` drops it, the code does not say what it is to be afterwards, and what stands cannot be made again. */
export function blockingView(change: Change, all: readonly Change[], { before, after }: Pick<Context, "before" | "after">): View | undefined {
  const drops = change.kind === "drop-table" || change.kind === "drop-column";
  const told = new Set([...own(after).map(({ name }) => tableKey(name)), ...all.flatMap((other) => (other.kind === "drop-view" ? [tableKey(other.view.name)] : []))]);
  const step: Step = { phase: "remove", up: [], down: [], changes: [], title: "" };
  return own(before).find((view) => (drops || view.outdated) && !told.has(tableKey(view.name)) && isInTheWay(view, change, step, before));
}
