// From two schemas, or from changes, to migrations that are safe by construction: strong locks are held for a moment only,
// what takes long does so under a weak one, and each file has its exact inverse. It asks nobody and runs nothing.
import { isComputed } from "../../compare/generation";
import { nameBesideTables, type Change } from "../../model/change";
import type { MigrationFormat } from "../../model/migration";
import type { Column, ColumnType, ForeignKey, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import type { Generated } from "../generated";
import { applyChanges } from "./apply";
import { addColumn, alterDefault, alterType, dropColumn } from "./columns";
import { addCheck, addForeignKey, addPrimaryKey, addUnique, dropCheck, dropForeignKey, dropNotNull, dropPrimaryKey, dropUnique, setNotNull } from "./constraints";
import { constraintRenames, nameTaken } from "./constraint-renames";
import { addSchema, declaredIn, dropSchema, namesOf, roleSteps, withNeededSchemas, withReadDeclared } from "./declared";
import { withDependents } from "./dependents";
import { differences, onlyOf } from "./differences";
import { dropEarly, dropsByTime, earlyNames } from "./early";
import { withReadEnums } from "./enum-values";
import { addEnum, alterEnum, dropEnum, losesDefault } from "./enums";
import { migrationsOf } from "./files";
import { alterGeneration, unreadComputedApart, withoutComputed } from "./generation";
import { addIndex, dropIndex, replaceIndex } from "./indexes";
import { nameChanges } from "./names";
import { namesAfterRenames } from "./names-after-renames";
import type { OwnersRecord } from "./owners-record";
import { withReadPolicies } from "./policies";
import { aroundPolicies, policiesApart, policySteps } from "./policy-steps";
import { generatePlain } from "./other-dialects";
import { nameKey, newNameSteps, renameSteps } from "./rename-steps";
import { answeredRenames, label, renameQuestions, type RenameAnswers } from "./renames";
import { schemaQuestions } from "./schema-renames";
import { addSequence, alterSequence, dropSequence } from "./sequences";
import { Refusal, type Context, type Step } from "./step";
import { addTables, dropTables } from "./tables";
import { refusedNames } from "./taken-names";
import { upkeep } from "./upkeep";
import { blockingView, viewSteps } from "./views";

export interface GenerateInput {
  /** As typed; the format makes file names of it. */
  readonly name: string;
  readonly format: MigrationFormat;
  /** What stands: the folder's replay, a database, or another schema. */
  readonly before: SchemaModel;
  /** What is wanted: a schema, or changes of `before` (a finding's fix), whose renames are taken as meant. */
  readonly wanted: SchemaModel | readonly Change[];
  /** Of the difference, what concerns these tables alone. */
  readonly only?: (table: QualifiedName) => boolean;
  readonly renames?: RenameAnswers;
  readonly record?: OwnersRecord;
  /** Schemas that the project's migrations have made: what is gone from them may have moved. Those that the code has declared (`before.schemas`) unless said. */
  readonly ownSchemas?: readonly string[];
  /** The setting `indexName`, for indexes that nobody named. */
  readonly indexName?: string;
}

/** Nothing to do gives no migrations. Changes that cannot be made safely are `refused`, and the others made without them; but for a new name that is taken, on which all the others are built. */
export function generate({ name, format, before, wanted, only, renames: answers = {}, record = {}, ownSchemas = before.schemas ?? [], indexName }: GenerateInput): Generated {
  const given = Array.isArray(wanted);
  const said = given ? applyChanges(before, wanted as readonly Change[]) : (wanted as SchemaModel);
  const asked = given ? (wanted as readonly Change[]).filter(isRename) : selected(answeredRenames(before, said, answers), only, [before, said]);
  const renames = given ? asked : [...asked, ...selected(namesAfterRenames(asked, applyChanges(before, asked), said), only, [before, said])];
  const base = applyChanges(before, renames);
  const aim = given ? withNeededSchemas(said, base) : withReadEnums(withReadDeclared(withReadPolicies(said, base), base), base);
  const plain = given ? (wanted as readonly Change[]).filter((change) => !isRename(change)) : selected(differences(base, aim, record), only, [base, aim]);
  const ofSchemas = given || only ? [] : schemaQuestions(base, aim, answers, ownSchemas);
  // Once they are answered, the tables go by other names.
  const questions = given || ofSchemas.length > 0 ? ofSchemas : renameQuestions(base, aim, plain, answers, ownSchemas);
  if (before.dialect !== "postgresql" && before.dialect !== "cockroachdb") return { ...generatePlain([...renames, ...nameChanges(plain, { before: base, after: aim, given, ...(indexName !== undefined && { indexName }) })], name, before), questions };
  const taken = refusedNames(renames, plain, before);
  if (taken.length > 0) return { migrations: [], refused: taken, questions };
  const apart = plain.flatMap(unreadComputedApart);
  const unreadTypes = plain.flatMap((change) => (change.kind === "add-enum" && change.enum.unread ? [change.enum.name] : []));
  const cannotRead = (change: Change): boolean => isUnread(change) || needsType(change, unreadTypes);
  const unread = apart.filter(cannotRead);
  const named = nameChanges(withDependents(apart.filter((change) => !cannotRead(change)), base), { before: base, after: aim, given, ...(indexName !== undefined && { indexName }) });
  // An owner would go on asking for what has another name in its schema.
  const otherNames = given || (format !== "prisma" && !record.constraints) ? { changes: [], taken: [] } : constraintRenames(base, aim, named, record.constraints);
  const { steps, refused: unsafe } = stepsOf({ renames: [...renames, ...selected(otherNames.changes, only, [base, aim])], standing: before }, policiesApart(named), contextOf(base, aim, named, { format, recordedEnums: record.enums ?? [] }));
  const refused = [...unsafe, ...selected(otherNames.taken, only, [base, aim]).map((change) => ({ change, reason: nameTaken(change) }))];
  const migrations = migrationsOf(steps, name, before, format);
  const last = migrations.at(-1);
  const whole = !given && !only && refused.length === 0 && unread.length === 0;
  return {
    // In full it is the wanted schema itself, in the words of its own language.
    migrations: whole && last ? [...migrations.slice(0, -1), { ...last, after: aim }] : migrations,
    refused: [...unread.map((change) => ({ change, reason: "A part of it could not be read from the code, so its SQL would say something else. Write it by hand: migrate new --empty." })), ...refused],
    questions,
  };
}

function selected<One extends Change>(changes: readonly One[], only: GenerateInput["only"], models: readonly SchemaModel[]): readonly One[] {
  return only ? onlyOf(changes, only, models) : changes;
}

function isRename(change: Change): boolean {
  return ["rename-schema", "rename-enum", "rename-enum-value", "rename-sequence", "rename-table", "rename-column", "rename-constraint", "rename-policy", "rename-role", "rename-view"].includes(change.kind);
}

function isUnread(change: Change): boolean {
  switch (change.kind) {
    case "add-table": return !change.table.complete || change.table.columns.some((column) => isUncounted(column) || (isComputed(column) && column.default?.complete !== true));
    case "add-check": return !change.check.expression.complete;
    case "add-policy": return !change.policy.complete;
    case "add-index": return [...change.index.keys.map(({ expression }) => expression), change.index.where].some((expression) => expression?.complete === false);
    case "add-column": return change.column.type.name === "unknown" || change.column.default?.complete === false || isUncounted(change.column);
    case "alter-column-generation": return (isComputed(change.to) && change.to.default?.complete !== true) || isUncounted(change.to);
    case "alter-column-type": return change.to.name === "unknown";
    case "alter-column-default": return change.to?.complete === false;
    case "add-sequence": return change.sequence.options === "unread";
    case "add-enum": return change.enum.unread === true;
    default: return false;
  }
}

/** A column of one of these types would be made. */
function needsType(change: Change, types: readonly QualifiedName[]): boolean {
  const isOf = ({ enum: of }: ColumnType): boolean => of !== undefined && types.some((type) => sameTable(type, of));
  switch (change.kind) {
    case "add-table": return change.table.columns.some(({ type }) => isOf(type));
    case "add-column": return isOf(change.column.type);
    case "alter-column-type": return isOf(change.to);
    default: return false;
  }
}

function isUncounted({ generated, sequenceOptions }: Column): boolean {
  return generated === "identity" && sequenceOptions === "unread";
}

function contextOf(before: SchemaModel, after: SchemaModel, changes: readonly Change[], owner: Pick<Context, "format" | "recordedEnums">): Context {
  const [standing, wanted] = [before, after].map(({ tables }) => new Map(tables.map((table) => [tableKey(table.name), table])));
  const made = new Map(changes.flatMap((change) => (change.kind === "add-table" ? [[tableKey(change.table.name), change.table] as const] : [])));
  const own = (name: QualifiedName): Table | undefined => standing!.get(tableKey(name));
  return { before, after, ...owner, early: earlyNames(changes, { standing: own }), source: after.source, standing: own, wanted: (name): Table | undefined => made.get(tableKey(name)) ?? wanted!.get(tableKey(name)) };
}

type Refused = Generated["refused"][number];

/** In the order in which they may stand in one transaction; files.ts then parts them by phase. `standing`: the schema before the renames. */
function stepsOf({ renames, standing }: { readonly renames: readonly Change[]; readonly standing: SchemaModel }, all: readonly Change[], context: Context): { readonly steps: readonly Step[]; readonly refused: readonly Refused[] } {
  const refused: Refused[] = [];
  const free = all.filter((change) => {
    const view = blockingView(change, all, context);
    if (view) refused.push({ change, reason: `The view ${label(view.name)} reads it, and ${view.outdated ? "cannot be made again beside a new name of what it reads. Do this in a migration after the renames" : "the code does not say what that is to be without it. Drop or change the view by hand first: migrate new --empty"}.` });
    return !view;
  });
  const { early, late } = dropsByTime(withoutComputed(free, context), context);
  const changes = late;
  const of = <Kind extends Change["kind"]>(...kinds: readonly Kind[]) => changes.filter((change): change is Extract<Change, { kind: Kind }> => (kinds as readonly string[]).includes(change.kind));
  const each = <One extends Change>(list: readonly One[], make: (change: One) => readonly Step[]): readonly Step[] =>
    list.flatMap((change) => {
      try {
        return make(change);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push({ change, reason: error.message });
        return [];
      }
    });
  const made = of("add-table");
  const targets = new Set(made.map(({ table }) => tableKey(table.name)));
  const reachable = (name: QualifiedName): boolean => context.standing(name) !== undefined || targets.has(tableKey(name));
  const whole = made.filter((change) => {
    const missing = change.table.foreignKeys.find((key) => key.enforced && !reachable(key.references.table));
    if (missing) refused.push({ change, reason: `Its foreign key (${missing.columns.join(", ")}) refers to the table ${label(missing.references.table)}, which does not exist and is not made here either. Migrate that table too.` });
    return !missing;
  });
  const types = of("alter-column-type");
  const policies = policySteps(changes, context);
  const ofEnum = (change: Extract<Change, { kind: "alter-enum" }>) => of("alter-column-default").filter((value) => losesDefault(change, value, context));
  const replaced = new Set(of("alter-enum").flatMap(ofEnum));
  const defaults = of("alter-column-default").filter((change) => !replaced.has(change));
  const typeOf = (change: (typeof defaults)[number]) => types.find((one) => one.column === change.column && tableKey(one.table) === tableKey(change.table));
  const rest = [
    ...renameSteps([...renames, ...of("rename-index")], droppedNames(all)),
    ...each(of("drop-foreign-key"), ({ table, foreignKey }) => dropForeignKey(table, foreignKey, context)),
    ...each(of("drop-check"), ({ table, check }) => dropCheck(table, check)),
    ...each(early, (change) => dropEarly(change, context)),
    ...each(of("add-role", "alter-role"), (change) => roleSteps(change, context.after)),
    ...each(of("alter-enum"), (change) => alterEnum(change, context, ofEnum(change))),
    ...each(of("add-enum"), (change) => addEnum(change.enum)),
    ...of("add-sequence").flatMap(addSequence),
    ...each(of("alter-sequence"), alterSequence),
    ...addTables(whole.map(({ table }) => table), context),
    ...each(of("add-column").filter(({ column }) => !isComputed(column)), ({ table, column }) => addColumn(table, column, context)),
    ...each(types, (change) => alterType(change, defaults.find((one) => typeOf(one) === change), context)),
    // Computed from columns that are new, or of another type by now.
    ...each(of("add-column").filter(({ column }) => isComputed(column)), ({ table, column }) => addColumn(table, column, context)),
    ...each(defaults.filter((change) => !typeOf(change)), alterDefault),
    ...each(of("alter-column-generation"), (change) => alterGeneration(change, context)),
    ...each(of("drop-unique"), ({ table, unique }) => dropUnique(table, unique)),
    ...each(of("drop-primary-key"), ({ table, primaryKey }) => dropPrimaryKey(table, primaryKey, context)),
    ...each(of("alter-column-nullability"), ({ table, column, nullable }) => (nullable ? dropNotNull(table, column) : setNotNull(table, column))),
    ...each(of("add-primary-key"), ({ table, primaryKey }) => addPrimaryKey(table, primaryKey, context)),
    ...each(of("add-unique"), ({ table, unique }) => addUnique(table, unique, context)),
    ...each(of("alter-index"), ({ table, from, to }) => replaceIndex(table, from, to, context)),
    ...each(of("add-index"), ({ table, index }) => addIndex(table, index, context)),
    ...each(of("add-check"), ({ table, check }) => addCheck(table, check, context)),
    ...each(of("add-foreign-key"), ({ table, foreignKey }) => {
      const missing = missingTarget(foreignKey, reachable, context, of("add-column"));
      if (missing !== undefined) throw new Refusal(`Its foreign key (${foreignKey.columns.join(", ")}) refers to ${missing}, which does not exist and is not made here either. Migrate that table too.`);
      return addForeignKey(table, foreignKey, context);
    }),
    ...policies.making,
    ...each(of("drop-index"), ({ table, index }) => dropIndex(table, index, context)),
    ...each(of("rebuild-index", "analyze-table", "validate-constraint"), (change) => upkeep(change, context)),
    ...each([...of("drop-column")].sort((a, b) => Number(isComputed(b.column)) - Number(isComputed(a.column))), ({ table, column }) => dropColumn(table, column)),
    ...policies.leaving,
    ...dropTables(of("drop-table").map(({ table }) => table)),
    ...of("drop-sequence").flatMap(dropSequence),
    ...each(of("drop-enum"), (change) => dropEnum(change.enum)),
    ...each(of("drop-schema"), (change) => dropSchema(change, context.after, applyChanges(context.before, changes))),
    ...each(of("drop-role"), (change) => roleSteps(change, context.after)),
  ];
  const views = viewSteps(changes, renames, rest, context);
  const placed = [...rest, ...views.creates].map((step) => withStructure(step, rest));
  // What is done to types and their values is told of the new names, too.
  const phase = placed.some((step) => step.phase === "values") ? "values" : "structure";
  const named = [...schemaSteps([...renames, ...changes], standing, context.after), ...newNameSteps(views.renames, standing)].map((step): Step => ({ ...step, phase }));
  // Taken back, a query is made again once everything that it reads has its old name.
  const drops = views.drops.map((step): Step => (renames.length > 0 ? { ...step, phase } : step));
  return { steps: aroundPolicies([...drops, ...named, ...placed], context), refused };
}

/** "the table clients", "the column clients.code": what a foreign key refers to and is not there. */
function missingTarget({ references: { table, columns } }: ForeignKey, reachable: (name: QualifiedName) => boolean, context: Context, added: readonly Extract<Change, { kind: "add-column" }>[]): string | undefined {
  if (!reachable(table)) return `the table ${label(table)}`;
  const standing = context.standing(table);
  const column = standing && columns.find((name) => !standing.columns.some((one) => one.name === name) && !added.some((change) => tableKey(change.table) === tableKey(table) && change.column.name === name));
  return column === undefined ? undefined : `the column ${label(table)}.${column}`;
}

/** Of indexes and constraints, by `nameKey`. */
function droppedNames(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.flatMap((change) => {
    const part = change.kind === "drop-index" ? change.index : change.kind === "drop-unique" ? change.unique : change.kind === "drop-primary-key" ? change.primaryKey : change.kind === "drop-foreign-key" ? change.foreignKey : undefined;
    return part?.name === undefined || !("table" in change) ? [] : [nameKey(change.table as QualifiedName, part.name)];
  }));
}

/** Schemas that are declared anew, and those that nothing stood in so far: the owner's record has none that the code does not export. */
function schemaSteps(changes: readonly Change[], before: SchemaModel, after: SchemaModel): readonly Step[] {
  const known = new Set<string | null>(["public", null, ...namesOf(before).map(({ schema }) => schema), ...(before.schemas ?? [])]);
  const made = (change: Change): QualifiedName | undefined => (change.kind === "add-table" ? change.table.name : change.kind === "rename-table" ? change.to : nameBesideTables(change));
  for (const change of changes) if (change.kind === "rename-schema") known.add(change.to);
  const needed = changes.flatMap((change) => made(change)?.schema ?? []).filter((name) => !known.has(name));
  const declared = changes.flatMap((change) => (change.kind === "add-schema" ? [change.schema] : []));
  const recorded = declaredIn(before) && declaredIn(after)?.schemas;
  return [...new Set([...declared, ...needed])].map((schema) => {
    const step = addSchema({ kind: "add-schema", schema });
    return declared.includes(schema) || recorded?.includes(schema) ? step : { ...step, changes: [] };
  });
}

/** New values of an enum need a file of their own only where something uses them: PostgreSQL forbids that in the transaction that adds them. */
function withStructure(step: Step, steps: readonly Step[]): Step {
  const [change] = step.changes;
  if (step.phase !== "values" || change?.kind !== "alter-enum" || !step.up.every((sql) => /^ALTER TYPE .* ADD VALUE /.test(sql))) return step;
  const added = change.to.filter((value) => !change.from.includes(value));
  const used = steps.some((other) => other !== step && other.up.some((sql) => added.some((value) => sql.includes(`'${value.replaceAll("'", "''")}'`))));
  return used ? step : { ...step, phase: "structure" };
}
