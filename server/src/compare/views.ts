// Views whose queries are written in two ways: PostgreSQL makes the one beside the other and prints both. What it prints alike
// is the same view. It asks nobody itself.
import { literal, postgres } from "../dialects/postgres";
import type { QualifiedName, SchemaModel, View } from "../model/schema";
import { tableKey } from "../model/table-key";

/** A view that stands, and one of the code's that may be the same, under this name or another one. */
export interface ViewPair {
  readonly standing: View;
  readonly wanted: View;
}

/** What a database says of a pair; "unknown" where it cannot make the one that stands. */
export type ViewAnswer = "same" | "different" | "unknown";

/** Pairs of one kind with different texts: of one name, or one of either side that the other lacks. */
export function viewPairs(wanted: SchemaModel, standing: SchemaModel): readonly ViewPair[] {
  const [had, has] = [standing, wanted].map(({ views = [] }) => views.filter(({ existing }) => !existing));
  const named = (views: readonly View[], name: QualifiedName): View | undefined => views.find((one) => tableKey(one.name) === tableKey(name));
  const fresh = has!.filter(({ name }) => !named(had!, name));
  return had!.flatMap((view) => {
    const own = named(has!, view.name);
    return (own ? [own] : fresh).filter(({ materialized, definition }) => materialized === view.materialized && definition !== view.definition).map((other) => ({ standing: view, wanted: other }));
  });
}

/** Statements that end as they began, in one message; the rows of the last but one are for `viewAnswers`. */
export function viewQuestions(pairs: readonly ViewPair[]): string {
  const aside = (at: number): string => `pg_temp.plumbline_view_${at}`;
  const made = pairs.map(({ wanted }, at) => `begin execute ${literal(`create view ${aside(at)} as ${wanted.definition.trim().replace(/;$/, "")}`)}; exception when others then null; end;`);
  const rows = pairs.map(({ standing }, at) => `(${at}, pg_get_viewdef(to_regclass(${literal(`${postgres.quote(standing.name.schema ?? "public")}.${postgres.quote(standing.name.name)}`)})), pg_get_viewdef(to_regclass(${literal(aside(at))})))`);
  return [
    "begin", `do ${literal(`begin ${made.join(" ")} end`)}`, "set local search_path = pg_catalog, pg_temp",
    `select * from (values ${rows.join(", ")}) as views (place, standing, wanted) order by place`, "rollback",
  ].join(";\n");
}

/** Of `viewQuestions`, pair by pair. */
export function viewAnswers(pairs: readonly ViewPair[], rows: readonly (readonly unknown[])[]): readonly ViewAnswer[] {
  return pairs.map((_, at) => {
    const [, standing, wanted] = rows[at] ?? [];
    return typeof standing !== "string" ? "unknown" : standing === wanted ? "same" : "different";
  });
}

/** `standing` with the code's words for the views that are `same`. What a database knows of them beside is kept. */
export function withViewsOf(standing: SchemaModel, same: readonly ViewPair[]): SchemaModel {
  if (same.length === 0) return standing;
  const words = new Map(same.map((pair) => [pair.standing, pair.wanted]));
  return {
    ...standing,
    views: standing.views?.map((view) => {
      const other = words.get(view);
      return other ? { ...view, definition: other.definition } : view;
    }),
  };
}
