// Schemas of the database that may have got another name: with one statement all that stands in it goes along, and each of
// its tables need not be asked for.
import type { Change } from "../../model/change";
import type { QualifiedName, SchemaModel } from "../../model/schema";
import type { RenameQuestion } from "../generated";
import type { RenameAnswers } from "./renames";

type SchemaRename = Extract<Change, { readonly kind: "rename-schema" }>;

/** Of the answers those that speak of a schema that is gone under the old name and new under the other. */
export function answeredSchemas(before: SchemaModel, after: SchemaModel, answers: RenameAnswers): readonly SchemaRename[] {
  const { gone, fresh } = sidesOf(before, after);
  return [...gone.keys()].flatMap((from): readonly SchemaRename[] => {
    const to = answers[from];
    return to !== undefined && to !== null && fresh.delete(to) ? [{ kind: "rename-schema", from, to }] : [];
  });
}

/** A schema that is gone, beside a new one in which something goes by the same name as in it. `owned`: those that the project's migrations have made. */
export function schemaQuestions(before: SchemaModel, after: SchemaModel, answers: RenameAnswers, owned: readonly string[]): readonly RenameQuestion[] {
  const { gone, fresh } = sidesOf(before, after);
  const taken = new Set(Object.values(answers));
  const common = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => [...a].filter((name) => b.has(name)).length;
  return [...gone].flatMap(([from, names]): readonly RenameQuestion[] => {
    if (answers[from] !== undefined || !owned.includes(from)) return [];
    const candidates = [...fresh].filter(([to, others]) => !taken.has(to) && common(names, others) > 0).sort(([, a], [, b]) => common(names, b) - common(names, a)).map(([to]) => to);
    return candidates.length > 0 ? [{ what: "schema", from, candidates }] : [];
  });
}

/** The schemas in which something stands, public apart. */
export function schemasIn(model: SchemaModel): ReadonlySet<string> {
  return new Set(contents(model).keys());
}

/** By schema the names of what stands in it. */
function contents({ tables, enums, sequences = [] }: SchemaModel): ReadonlyMap<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { schema, name } of [...tables, ...enums, ...sequences].map((one): QualifiedName => one.name))
    if (schema !== null && schema !== "public") found.set(schema, (found.get(schema) ?? new Set()).add(name));
  return found;
}

function sidesOf(before: SchemaModel, after: SchemaModel): { readonly gone: ReadonlyMap<string, ReadonlySet<string>>; readonly fresh: Map<string, ReadonlySet<string>> } {
  const [had, has] = [contents(before), contents(after)];
  const without = (map: ReadonlyMap<string, ReadonlySet<string>>, other: ReadonlyMap<string, unknown>, declared: readonly string[] = []) => new Map([...map].filter(([schema]) => !other.has(schema) && !declared.includes(schema)));
  return { gone: without(had, has, after.schemas), fresh: without(has, had, before.schemas) };
}
