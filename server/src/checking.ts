// Runs the rules over one schema and remembers, for each table, what they found and what they read: after an edit
// only the changed tables, and those that looked at them, are checked again. Contains the rules' failures.
import { hash } from "node:crypto";
import type { Config } from "./config";
import type { Finding, Severity } from "./model/finding";
import type { ForeignKey, QualifiedName, SchemaModel, Table } from "./model/schema";
import { tableKey } from "./model/table-key";
import type { Detection, Rule, RuleContext } from "./rules/rule";
import { tableChanges } from "./rules/table-changes";

export type OnFailure = (where: string, file: string | undefined, error: unknown) => void;

/** A rule with its configuration worked in. Rules that are off have none. */
export interface ActiveRule {
  readonly id: string;
  readonly rule: Rule;
  readonly severity: Severity;
  /** The severity stands in the configuration. */
  readonly configured: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The rules that the configuration leaves on, with their severities and options. */
export function activeRules(rules: Iterable<readonly [string, Rule]>, config: Config): readonly ActiveRule[] {
  const active: ActiveRule[] = [];
  for (const [id, rule] of rules) {
    const configured = { ...config.rules[`${id.slice(0, id.indexOf("/"))}/*`], ...config.rules[id] };
    const severity = configured.severity ?? rule.severity;
    if (severity === "off") continue;
    const options: Record<string, unknown> = {};
    for (const [name, option] of Object.entries(rule.options ?? {})) options[name] = configured[name] ?? (option.setting && config[option.setting]) ?? option.default;
    active.push({ id, rule, severity, configured: configured.severity !== undefined, options });
  }
  return active;
}

/** A checker of one schema. `check` gives all findings of the model, those of tables in the tables' order, then those of the whole schema. */
export interface Checker {
  check(model: SchemaModel): readonly Finding[];
}

/** What one table's rules found, and what they read to find it. */
interface Cell {
  /** Of the rules that found something, by their position among the table rules, in that order. Undefined: nothing was found, as mostly. */
  found?: (readonly [position: number, findings: readonly Finding[]])[];
  /** Each once; there are few, so a list is searched faster than a set. Undefined: none. */
  reads?: string[];
  referencesRead?: string[];
}

const nothing: readonly never[] = [];

type Reference = { readonly table: Table; readonly foreignKey: ForeignKey };

/** `factsOf`: what connected databases know of a table; make a new checker when that has changed. */
export function createChecker(rules: readonly ActiveRule[], onFailure: OnFailure, factsOf: RuleContext["facts"] = () => undefined): Checker {
  const tableRules = rules.filter((active) => active.rule.checkTable);
  const schemaRules = rules.filter((active) => active.rule.checkSchema);
  const cells = new Map<Table, Cell>();
  /** Rules that asked for all tables while they checked one: they run again for each table after any change. */
  const readsAll = new Set<ActiveRule>();
  let previous: readonly Table[] = [];
  let previousModel: SchemaModel | undefined;
  let previousFindings: readonly Finding[] = [];
  const byName: Names = new Map();
  const memory: RuleContext["memory"] = new Map();

  function check(model: SchemaModel): readonly Finding[] {
    if (model === previousModel) return previousFindings;
    if (previousModel && (previousModel.dialect !== model.dialect || previousModel.source !== model.source)) {
      cells.clear();
      memory.clear();
    }
    const { gone, fresh } = tableChanges(previous, model.tables);
    const changed: readonly Table[] = [...gone, ...fresh];
    for (const table of gone) {
      cells.delete(table);
      byName.get(table.name.schema)?.delete(table.name.name);
    }
    for (const table of fresh) addName(byName, table);
    // Of several tables with one name the last counts.
    if (sizeOf(byName) !== model.tables.length) {
      byName.clear();
      for (const table of model.tables) addName(byName, table);
    }

    let references: Map<string, Reference[]> | undefined;
    const referencesOf = (name: QualifiedName): readonly Reference[] => {
      references ??= collectReferences(model.tables);
      return references.get(tableKey(name)) ?? [];
    };
    // One context for each rule, not for each rule and table: what is read goes to the cell that is being filled.
    let reading: Cell | undefined;
    const contextFor = (active: ActiveRule): RuleContext => ({
      schema: model,
      options: active.options,
      table(name) {
        const known = byName.get(name.schema)?.get(name.name);
        if (reading) reading.reads = noted(reading.reads, known?.key ?? tableKey(name));
        return known?.table;
      },
      tables() {
        if (reading) readsAll.add(active);
        return model.tables;
      },
      referencedBy(name) {
        if (reading) reading.referencesRead = noted(reading.referencesRead, tableKey(name));
        return referencesOf(name);
      },
      facts: factsOf,
      memory,
    });
    const contexts = tableRules.map(contextFor);
    const run = (position: number, table: Table, cell: Cell): readonly Finding[] => {
      const active = tableRules[position]!;
      reading = cell;
      try {
        const detections = active.rule.checkTable!(table, contexts[position]!);
        // Most rules find nothing in most tables: then not even an iterator is made.
        return Array.isArray(detections) && detections.length === 0 ? nothing : findingsOf(detections, active, model.id, table);
      } catch (error) {
        onFailure(active.id, table.at?.file, error);
        return nothing;
      }
    };

    const changedNames = new Set<string>();
    const changedTargets = new Set<string>();
    // Nothing was checked before: nobody asks what has changed.
    for (const table of cells.size > 0 ? changed : nothing) {
      changedNames.add(tableKey(table.name));
      for (const foreignKey of table.foreignKeys) changedTargets.add(tableKey(foreignKey.references.table));
    }
    const findings: Finding[] = [];
    for (const table of model.tables) {
      let cell = cells.get(table);
      if (!cell || intersects(cell.reads, changedNames) || intersects(cell.referencesRead, changedTargets)) {
        cell = { found: undefined, reads: undefined, referencesRead: undefined };
        for (let position = 0; position < tableRules.length; position++) {
          const found = run(position, table, cell);
          if (found.length === 0) continue;
          if (cell.found) cell.found.push([position, found]);
          else cell.found = [[position, found]];
        }
        cells.set(table, cell);
      } else if (changed.length > 0 && readsAll.size > 0) {
        const again = (position: number): boolean => readsAll.has(tableRules[position]!);
        const found = (cell.found ?? []).filter(([position]) => !again(position));
        for (let position = 0; position < tableRules.length; position++) if (again(position)) found.push([position, run(position, table, cell)]);
        cell.found = found.sort(([a], [b]) => a - b);
      }
      if (cell.found) for (const [, found] of cell.found) for (const finding of found) findings.push(finding);
    }
    reading = undefined;
    for (const active of schemaRules) {
      try {
        for (const detection of active.rule.checkSchema!(model, contextFor(active))) findings.push(toFinding(active, detection, model.id));
      } catch (error) {
        onFailure(active.id, undefined, error);
      }
    }
    previous = model.tables;
    previousModel = model;
    previousFindings = findings;
    return findings;
  }
  return { check };
}

function findingsOf(detections: Iterable<Detection>, active: ActiveRule, schemaId: string, table: Table): readonly Finding[] {
  const findings: Finding[] = [];
  for (const detection of detections) findings.push(toFinding(active, detection, schemaId, table));
  return findings;
}

/** The list with the key in it. A list that begins with its one element takes no room for more, and most have no other. */
function noted(read: string[] | undefined, key: string): string[] {
  if (!read) return [key];
  if (!read.includes(key)) read.push(key);
  return read;
}

/** Makes a finding of what a rule saw in the schema `schemaId`. */
export function toFinding(active: Pick<ActiveRule, "id" | "severity">, detection: Detection, schemaId: string, checked?: Table): Finding {
  const table = detection.table ?? checked?.name;
  const columns = detection.columns ?? nothing;
  return new KeyedFinding(
    active.id,
    detection.severity ? milder(active.severity, detection.severity) : active.severity,
    detection.message,
    detection.at ?? checked?.nameAt ?? checked?.at,
    detection.related ?? nothing,
    detection.fixes ?? nothing,
    schemaId,
    table,
    columns,
    detection.name,
  );
}

/** A finding that makes its key when it is asked for: most findings of a keystroke are those of before, and nobody asks again. */
class KeyedFinding implements Finding {
  private known: string | undefined = undefined;

  constructor(
    readonly rule: string, readonly severity: Severity, readonly message: string, readonly at: Finding["at"], readonly related: Finding["related"], readonly fixes: Finding["fixes"],
    readonly schema: string, readonly table: QualifiedName | undefined, readonly columns: readonly string[], readonly name: string | undefined,
  ) {}

  get key(): string {
    return (this.known ??= findingKey(this.rule, this.table, this.columns, this.name));
  }

  toJSON(): Finding {
    const { rule, severity, message, at, related, fixes, key, schema, table, columns, name } = this;
    return { rule, severity, message, at, related, fixes, key, schema, table, columns, name };
  }
}

const severities: readonly Severity[] = ["hint", "information", "warning", "error"];

/** A rule that lowers its own severity for a case does so under a configured one too; it never raises one. */
function milder(configured: Severity, detected: Severity): Severity {
  return severities.indexOf(detected) < severities.indexOf(configured) ? detected : configured;
}

/** 16 hex digits of the SHA-256 of rule, table, columns and name: no file and no line, so that a baseline survives moved code. */
export function findingKey(rule: string, table: QualifiedName | undefined, columns: readonly string[], name: string | undefined): string {
  return hash("sha256", JSON.stringify([rule, table?.schema ?? null, table?.name ?? null, columns, name ?? null]), "hex").slice(0, 16);
}

/** Tables by schema, then name, with the key of that name: rules ask by name all the time, and a key made anew each time costs more than the look-up. */
type Names = Map<string | null, Map<string, { readonly key: string; readonly table: Table }>>;

function addName(names: Names, table: Table): void {
  const { schema, name } = table.name;
  let inSchema = names.get(schema);
  if (!inSchema) names.set(schema, (inSchema = new Map()));
  inSchema.set(name, { key: tableKey(table.name), table });
}

function sizeOf(names: Names): number {
  let size = 0;
  for (const inSchema of names.values()) size += inSchema.size;
  return size;
}

function collectReferences(tables: readonly Table[]): Map<string, Reference[]> {
  const references = new Map<string, Reference[]>();
  for (const table of tables)
    for (const foreignKey of table.foreignKeys) {
      const key = tableKey(foreignKey.references.table);
      const list = references.get(key);
      if (list) list.push({ table, foreignKey });
      else references.set(key, [{ table, foreignKey }]);
    }
  return references;
}

function intersects(mine: readonly string[] | undefined, changed: ReadonlySet<string>): boolean {
  return mine !== undefined && changed.size > 0 && mine.some((name) => changed.has(name));
}
