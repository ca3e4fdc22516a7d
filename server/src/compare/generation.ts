// How a column comes by its values on both sides: computed from others, counted by a sequence, or neither.
import type { Column, Expression } from "../model/schema";

export function isComputed({ generated }: Pick<Column, "generated">): boolean {
  return generated === "stored" || generated === "virtual";
}

/** Whether both come by their values in one way. `same` compares expressions. */
export function sameGeneration(a: Column, b: Column, same: (a: Expression | undefined, b: Expression | undefined) => boolean): boolean {
  const kind = ({ generated }: Column) => (generated === "client" ? undefined : generated);
  if (kind(a) !== kind(b)) return kind(a) === undefined && kind(b) === "serial" ? counts(a) : kind(b) === undefined && kind(a) === "serial" ? counts(b) : false;
  if (isComputed(a)) return a.default?.complete === false || b.default?.complete === false || same(a.default, b.default);
  return kind(a) !== "identity" || ((a.identity ?? "by default") === (b.identity ?? "by default") && sameSequence(a, b));
}

/** What could not be read is no difference. */
export function sameSequence(a: Column, b: Column): boolean {
  return a.sequenceOptions === "unread" || b.sequenceOptions === "unread" || JSON.stringify(a.sequenceOptions ?? {}) === JSON.stringify(b.sequenceOptions ?? {});
}

/** A sequence by hand in place of serial. */
function counts({ default: value }: Column): boolean {
  return value !== undefined && /\bnextval\b/i.test(value.sql);
}
