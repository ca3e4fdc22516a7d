// Columns that are named and typed like a reference to a table of the schema, but declared as nothing: `client_id`
// beside `clients.id`. It guesses as little as it can: one table must fit, by name, key and type, or it says nothing.
import type { Column, QualifiedName, Table } from "../model/schema";
import { columnsOf } from "./foreign-keys";
import { perTable } from "./per-table";
import { compareReferenceType } from "./reference-type";
import type { RuleContext } from "./rule";

export interface ImpliedReference {
  readonly column: Column;
  readonly target: Table;
  /** The target's only primary-key column. */
  readonly targetColumn: string;
}

/** The undeclared references of a table; none of a table that could not be read whole. */
export function impliedReferences(table: Table, context: RuleContext): readonly ImpliedReference[] {
  if (!table.complete || table.implicit) return none;
  const found: ImpliedReference[] = [];
  for (const { column, base } of undeclared(table)) {
    const targets = targetsOf(base, table, context);
    const target = targets.length === 1 ? targets[0]! : undefined;
    const key = target?.primaryKey?.columns;
    if (!target || key?.length !== 1 || !isKeyNamedBy(key[0]!, column.name)) continue;
    const targetColumn = target.columns.find((each) => each.name === key[0]);
    if (targetColumn && compareReferenceType(column.type, targetColumn.type, context.schema.dialect) === "same") found.push({ column, target, targetColumn: key[0]! });
  }
  return found;
}

const none: readonly never[] = [];

interface Undeclared {
  readonly column: Column;
  readonly base: string;
}

/** Columns that may be references for all that their own table says: asked for by several rules, and few. */
const undeclared = perTable((table): readonly Undeclared[] => {
  let found: Undeclared[] | undefined;
  for (const column of table.columns) {
    if (!endsInId(column.name) || column.generated === "serial" || column.generated === "identity" || isDeclared(column.name, table)) continue;
    const base = baseOf(column.name);
    if (base === undefined || isForeign(base) || isOwnName(base, table) || polymorphicType(column.name, table)) continue;
    (found ??= []).push({ column, base });
  }
  return found ?? none;
});

/** `orders.client_id` is named and typed like a reference to `clients.id`. */
export function describeImplied({ column, target, targetColumn }: ImpliedReference, table: Table): string {
  return `${columnsOf(table, [column.name])} is named and typed like a reference to ${columnsOf(target, [targetColumn])}`;
}

/** The column that tells which table `x_id` points at: `x_type` in `x_type`, `x_id`; undefined where there is none. */
export function polymorphicType(idColumn: string, table: Table): Column | undefined {
  let base: string | undefined;
  for (const column of table.columns) {
    const last = column.name.charCodeAt(column.name.length - 1);
    if ((last !== 101 && last !== 69) || !namesAType.test(column.name)) continue;
    // Most tables have no such column, so only now.
    base ??= baseOf(idColumn);
    if (base === undefined) return undefined;
    // A name has at most one underscore fewer for each capital that begins a word.
    if (column.name.length <= base.length + "_type".length && snake(column.name) === `${base}_type`) return column;
  }
  return undefined;
}

const namesAType = /type$/i;

/** "client" of `client_id`, `clientId`, `clientID`; undefined for other columns ("paid", "id"). */
export function baseOf(column: string): string | undefined {
  if (!endsInId(column)) return undefined;
  const words = snake(column);
  return words.endsWith("_id") && words.length > 3 ? words.slice(0, -3).replace(/^_+/, "") || undefined : undefined;
}

/** Whether a name ends in `id`, `Id` or `ID` behind two characters or more. This is asked of every column of every table, so by the letters' codes. */
function endsInId(name: string): boolean {
  const { length } = name;
  return length > 3 && (name.charCodeAt(length - 1) | 32) === 100 && (name.charCodeAt(length - 2) | 32) === 105;
}

/** True where the column is in a foreign key or a relation already. */
export function isDeclared(column: string, table: Table): boolean {
  for (const key of table.foreignKeys) if (key.columns.includes(column)) return true;
  for (const relation of table.relations) if (relation.columns.includes(column)) return true;
  return false;
}

/** Tables whose name is `base` in the singular or the plural, in the table's own schema, with or without the prefix that the table's own name has. */
export function targetsOf(base: string, table: Table, context: Pick<RuleContext, "table">): readonly Table[] {
  const found = new Map<string, Table>();
  const own = snake(table.name.name).split("_");
  const prefixes = ["", ...own.slice(0, -1).map((_, position) => `${own.slice(0, position + 1).join("_")}_`)];
  for (const prefix of prefixes)
    for (const noun of [base, ...pluralsOf(base)])
      for (const name of spellingsOf(`${prefix}${noun}`)) {
        const target = context.table({ schema: table.name.schema, name } satisfies QualifiedName);
        if (target) found.set(target.name.name, target);
      }
  return [...found.values()];
}

/** Tables of whose rows an enum is the type: those called RuntimeEnvironment, for RuntimeEnvironmentType. */
export function tablesOfType(enumName: string, table: Table, context: Pick<RuleContext, "table">): readonly Table[] {
  const [, base] = /^(.+)_type$/.exec(snake(enumName)) ?? [];
  return base === undefined ? none : targetsOf(base, table, context);
}

/** Ids that other systems give out: no table of ours holds them, even where one has a fitting name. */
const foreign = /^(stripe|paypal|paddle|lemon_?squeezy|polar|braintree|adyen|razorpay|shopify|chargebee|google|gcp|aws|azure|apple|facebook|meta|instagram|twitter|x|tiktok|linkedin|github|gitlab|bitbucket|slack|discord|telegram|whatsapp|zoom|twilio|sendgrid|mailgun|resend|hubspot|salesforce|intercom|zendesk|notion|jira|linear|auth0|clerk|okta|workos|firebase|supabase|oauth|oidc|saml|idp|sso|external|ext|foreign|remote|upstream|legacy|old|original|provider|vendor|third_party|correlation|trace|span|request|session_token|idempotency)(_|$)/;
const isForeign = (base: string) => foreign.test(base);

/** `account_id` in `accounts` is an id of its own that came from elsewhere, not a reference. */
function isOwnName(base: string, table: Table): boolean {
  const own = snake(table.name.name);
  return [base, ...pluralsOf(base)].some((noun) => own === noun || own.endsWith(`_${noun}`));
}

/** The key is `id`, or has the column's own name (`clients.client_id`). */
const isKeyNamedBy = (key: string, column: string) => snake(key) === "id" || snake(key) === snake(column);

const irregular: Readonly<Record<string, string>> = { person: "people", child: "children", man: "men", woman: "women", foot: "feet", index: "indices", matrix: "matrices", vertex: "vertices", criterion: "criteria", medium: "media", analysis: "analyses", basis: "bases", leaf: "leaves", shelf: "shelves" };

function pluralsOf(noun: string): readonly string[] {
  const last = noun.slice(noun.lastIndexOf("_") + 1);
  const front = noun.slice(0, noun.length - last.length);
  if (irregular[last]) return [front + irregular[last]];
  if (/[^aeiou]y$/.test(last)) return [`${front}${last.slice(0, -1)}ies`];
  return /(s|x|z|ch|sh)$/.test(last) ? [`${noun}es`] : [`${noun}s`];
}

/** The ways in which one name is written: order_items, orderItems, OrderItems, orderitems. */
function spellingsOf(name: string): ReadonlySet<string> {
  const pascal = name.replace(/(^|_)(\p{L}|\p{N})/gu, (_, __, letter: string) => letter.toUpperCase());
  return new Set([name, `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`, pascal]);
}

const lowerCase = /^[a-z0-9_]*$/;

/** `clientId`, `ClientID` and `client-id` as `client_id`. */
function snake(name: string): string {
  if (lowerCase.test(name)) return name;
  return name.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1_$2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2").replace(/-/g, "_").toLowerCase();
}
