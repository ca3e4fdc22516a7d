// What differs beside tables between two sides of a comparison that both have words for it: sequences, views, policies,
// schemas and roles. Of what cannot be compared for sure, and of what the code has never declared, it says so.
import { modelSeenBy } from "../../compare/searched-schema";
import { conditionAnswers, conditionQuestions } from "../../compare/policies";
import type { StandingNames } from "../../databases/declared";
import { modelRecipe } from "../../databases/embedded/recipe";
import type { Change } from "../../model/change";
import type { MigrationFolder } from "../../model/migration";
import type { Policy, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import { capital, listed } from "../../model/words";
import type { Files } from "../../sources/source";
import { ownersRecord, recordedObjects } from "../folders/drizzle-recorded";
import { declaredChanges, declaredIn, namesOf, standingOf, withReadDeclared } from "../generate/declared";
import { isUnsure, policyChanges, rowSecurityOf, unsurePolicies, withReadPolicies } from "../generate/policies";
import { label } from "../generate/renames";
import { sequenceChanges } from "../generate/sequences";
import { tellOfMoreThanTables } from "../generate/step";
import { viewChanges } from "../generate/views";
import { replayRecipe } from "../prove/extensions";
import { askEmbedded } from "./asking";
import { declaredSoFar } from "./generating";
import type { ScratchPlace } from "./reading";
import { viewsInWordsOf } from "./view-spelling";

/** What is compared: the code, what the migrations lead to, a database. */
export interface ComparedSide {
  readonly model: SchemaModel;
  /** Of migrations. */
  readonly folder?: MigrationFolder;
  /** Of a database. */
  readonly names?: StandingNames;
}

export interface BesideParts {
  /** The project's folder, whose owner may have a record of what the code has declared. */
  readonly folder?: MigrationFolder;
  readonly files: Pick<Files, "read" | "list">;
  readonly scratch: ScratchPlace;
}

export interface BesideTables {
  /** What makes the side that stands like the one that is wanted. */
  readonly changes: readonly Change[];
  /** Full sentences: what was not compared. */
  readonly notes: readonly string[];
}

/** `wanted` says what is its own: the code, or migrations where the other is a database. Rejects with a `DatabaseError` where it is cancelled. */
export async function besideTables(wanted: ComparedSide, standing: ComparedSide, parts: BesideParts, signal?: AbortSignal): Promise<BesideTables> {
  const { model: code } = wanted;
  const seen = modelSeenBy(code, standing.model);
  if (!tellOfMoreThanTables(code, seen)) return { changes: [], notes: unsaid(code, seen) };
  const recorded = parts.folder ? recordedObjects(parts.folder, parts.files) : [];
  const { standing: before, wanted: after, unsure } = await viewsAlike(wanted, { ...standing, model: seen }, recorded, parts, signal);
  const record = ownersRecord(recorded);
  // What drizzle-kit has recorded of a policy says what its migrations lead to, and nothing of a database.
  const policies = record.rowSecurity && (standing.folder ? record.rowSecurity : { ...record.rowSecurity, policies: record.rowSecurity.policies.map((policy) => ({ ...policy, using: "", withCheck: "" })) });
  const aim = withReadPolicies(after, before);
  const own = new Set(namesOf(aim).map(({ schema }) => schema ?? "public"));
  const isOwn = ({ schema }: QualifiedName): boolean => (own.size === 0 ? (schema ?? "public") === "public" : own.has(schema ?? "public"));
  const changes = [...sequenceChanges(before, aim, record.sequences), ...policyChanges(before, aim, policies), ...viewChanges(before, aim, record.views)].filter((change) => {
    switch (change.kind) {
      case "drop-sequence": return isOwn(change.sequence.name);
      case "drop-view": return isOwn(change.view.name);
      // One that goes with a column is there all the same.
      case "add-sequence": return !before.sequences?.some(({ name }) => sameTable(name, change.sequence.name));
      default: return true;
    }
  });
  const asked = await resolved([...changes, ...unsurePolicies(before, aim, policies).flatMap((one) => alteration(one, before))], before, parts, signal);
  return {
    changes: [...asked.changes, ...(await declaredOf(wanted, standing, before, recorded))],
    notes: [...undeclared(before, aim, asked.changes, isOwn), ...untold([...unsure.map((name) => `the view ${label(name)}`), ...asked.unsure])],
  };
}

/** Both sides with the same words for the views that are the same. */
async function viewsAlike(wanted: ComparedSide, standing: ComparedSide, recorded: Parameters<typeof viewsInWordsOf>[2]["recorded"], { files, scratch }: BesideParts, signal?: AbortSignal): Promise<{ readonly standing: SchemaModel; readonly wanted: SchemaModel; readonly unsure: readonly QualifiedName[] }> {
  // Where the migrations have been replayed is all that their views need.
  if (wanted.folder && !standing.folder) {
    const { standing: alike, unsure } = await viewsInWordsOf(standing.model, wanted.model, { recorded: [], folder: wanted.folder, files, scratch }, signal);
    return { standing: standing.model, wanted: alike, unsure };
  }
  const alike = await viewsInWordsOf(wanted.model, standing.model, { recorded: standing.folder ? recorded : [], ...(standing.folder && { folder: standing.folder }), files, scratch }, signal);
  return { ...alike, wanted: wanted.model };
}

function alteration({ table, policy }: { readonly table: QualifiedName; readonly policy: Policy }, before: SchemaModel): readonly Change[] {
  const from = tableIn(before, table)?.rowSecurity?.policies.find(({ name }) => name === policy.name);
  return from ? [{ kind: "alter-policy", table, from, to: policy }] : [];
}

/** Without the altered policies whose conditions PostgreSQL prints alike; of those that it cannot print nobody can tell. */
async function resolved(changes: readonly Change[], before: SchemaModel, { folder, files, scratch }: BesideParts, signal?: AbortSignal): Promise<{ readonly changes: readonly Change[]; readonly unsure: readonly string[] }> {
  const doubts = changes.flatMap((change) => {
    const table = change.kind === "alter-policy" ? tableIn(before, change.table) : undefined;
    return table && change.kind === "alter-policy" && isUnsure(change.from, change.to, table) ? [{ change, table }] : [];
  });
  if (doubts.length === 0) return { changes, unsure: [] };
  // Both have the same of the two; one that is not there is as good as true on both sides.
  const conditions = ({ using, withCheck }: Policy): readonly string[] => [using?.sql ?? "true", withCheck?.sql ?? "true"];
  const questions = doubts.flatMap(({ change: { from, to }, table: { name } }) => [...conditions(from), ...conditions(to)].map((sql) => ({ table: name, sql })));
  const recipe = folder ? await replayRecipe(folder, files) : modelRecipe(before);
  const rows = recipe && (await askEmbedded(recipe, conditionQuestions(questions), scratch, signal));
  const printed = conditionAnswers(questions, rows ?? []);
  const answers = new Map<Change, boolean | undefined>(doubts.map(({ change }, at) => {
    const [using, withCheck, wantedUsing, wantedCheck] = printed.slice(at * 4, at * 4 + 4);
    return [change, [using, withCheck, wantedUsing, wantedCheck].includes(undefined) ? undefined : using === wantedUsing && withCheck === wantedCheck];
  }));
  return {
    changes: changes.filter((change) => !answers.has(change) || answers.get(change) === false),
    unsure: doubts.flatMap(({ change }) => (answers.get(change) === undefined ? [`the policy ${change.to.name} of ${label(change.table)}`] : [])),
  };
}

/** Schemas and roles. */
async function declaredOf({ model: code }: ComparedSide, { folder, names }: ComparedSide, before: SchemaModel, recorded: Parameters<typeof viewsInWordsOf>[2]["recorded"]): Promise<readonly Change[]> {
  const declared = declaredIn(code);
  if (code.source === "database" || !declared) return [];
  const known = names ? standingOf(before, code, names) : folder ? await declaredSoFar(before, recorded, { folder, schema: code }) : before;
  return declaredChanges(known, withReadDeclared(code, known));
}

/** A full sentence where a language has no words for what the other side has. */
function unsaid(code: SchemaModel, { source, dialect, sequences = [], views = [], tables }: SchemaModel): readonly string[] {
  const has = [...(sequences.some(({ owned }) => !owned) ? ["sequences"] : []), ...(views.length > 0 ? ["views"] : []), ...(tables.some((table) => rowSecurityOf(table).enabled) ? ["row level security"] : [])];
  return source === "database" && dialect === "postgresql" && code.source !== "database" && has.length > 0 ? [`${capital(listed(has))} of ${code.source === "prisma" ? "a database, for which Prisma's language has no words, were" : "the database were"} not compared.`] : [];
}

/** What stands, and neither the code nor its owner's record knows of. */
function undeclared(before: SchemaModel, aim: SchemaModel, changes: readonly Change[], isOwn: (name: QualifiedName) => boolean): readonly string[] {
  if (before.source !== "database" || aim.source !== "drizzle") return [];
  const told = new Set([
    ...[...(aim.sequences ?? []), ...(aim.views ?? []), ...(aim.unmodelled ?? [])].map(({ name }) => tableKey(name)),
    ...changes.flatMap((change) => (change.kind === "drop-view" ? [tableKey(change.view.name)] : change.kind === "drop-sequence" ? [tableKey(change.sequence.name)] : [])),
  ]);
  const dropped = (table: QualifiedName, policy: string): boolean => changes.some((change) => change.kind === "drop-policy" && change.policy.name === policy && sameTable(change.table, table));
  const others = [
    ...(before.sequences ?? []).filter(({ owned }) => !owned).map(({ name }) => ({ name, title: `the sequence ${label(name)}` })),
    ...(before.views ?? []).map(({ name, materialized }) => ({ name, title: `the ${materialized ? "materialized " : ""}view ${label(name)}` })),
  ].filter(({ name }) => isOwn(name) && !told.has(tableKey(name))).map(({ title }) => title);
  const secured = before.tables.flatMap((table) => {
    const own = tableIn(aim, table.name), has = rowSecurityOf(table);
    if (!own) return [];
    const undone = changes.some((change) => change.kind === "disable-row-security" && sameTable(change.table, table.name));
    const policies = has.policies.filter(({ name }) => !rowSecurityOf(own).policies.some((one) => one.name === name) && !dropped(table.name, name)).map(({ name }) => `the policy ${name} of ${label(table.name)}`);
    return [...(has.enabled && !rowSecurityOf(own).enabled && !undone ? [`row level security of ${label(table.name)}`] : []), ...policies];
  });
  const all = [...others, ...secured];
  return all.length === 0 ? [] : [`${all.length === 1 ? "This stands and the code does" : "These stand and the code does"} not declare ${all.length === 1 ? "it" : "them"}, so that ${all.length === 1 ? "it was" : "they were"} not compared: ${shortened(all)}.`];
}

function untold(what: readonly string[]): readonly string[] {
  return what.length === 0 ? [] : [`Whether ${shortened(what, "or")} ${what.length === 1 ? "differs" : "differ"} could not be told: the embedded database lacks what ${what.length === 1 ? "it needs" : "they need"}.`];
}

function shortened(all: readonly string[], word: "and" | "or" = "and"): string {
  return all.length <= 10 ? listed(all, word) : listed([...all.slice(0, 9), `${all.length - 9} more`], word);
}

function tableIn({ tables }: SchemaModel, name: QualifiedName): Table | undefined {
  return tables.find((table) => sameTable(table.name, name));
}
