// Operator classes of index keys, and which of them are their type's own.
import type { IndexKey } from "../model/schema";

/**
 * Classes that no type has by default, in contrib and in the extensions that ORMs know (pg_opclass.opcdefault is false;
 * https://www.postgresql.org/docs/current/indexes-opclass.html, https://github.com/pgvector/pgvector#indexing). A class that is
 * not among them may be the default one, which a database does not name.
 */
const neverDefault = /_pattern_ops$|_path_ops$|_bloom_ops$|_minmax_multi_ops$|_(ip|cosine|l1|hamming|jaccard)_ops$|^gi(n|st)_trgm_ops$/;

/** `fromDatabase`: one side is a database, where no class means the default one; code that names none may leave it to a tool. */
export function sameOperatorClass(a: IndexKey, b: IndexKey, fromDatabase: boolean): boolean {
  if (a.operatorClass === b.operatorClass) return true;
  if (a.operatorClass !== undefined && b.operatorClass !== undefined) return false;
  return !fromDatabase || !neverDefault.test((a.operatorClass ?? b.operatorClass)!);
}
