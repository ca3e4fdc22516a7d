// What the sequence of an identity column counts by. What is left out is PostgreSQL's default, which depends on the
// column's type and on the direction: https://www.postgresql.org/docs/current/sql-createsequence.html

/** Whole numbers as text: they may be greater than a number of JavaScript is exact. */
export interface SequenceOptions {
  readonly increment: string;
  readonly startWith: string;
  readonly minValue: string;
  readonly maxValue: string;
  readonly cache: string;
  readonly cycle: boolean;
}

/** What is known of options that may be unread: nothing then. */
export function knownOptions(given: Partial<SequenceOptions> | "unread" | undefined): Partial<SequenceOptions> {
  return typeof given === "object" ? given : {};
}

const largest: Readonly<Record<string, bigint>> = { smallint: 32_767n, integer: 2_147_483_647n, bigint: 9_223_372_036_854_775_807n };

/** All options of a sequence of `type` (`integer`). */
export function sequenceOptions(type: string, given: Partial<SequenceOptions>): SequenceOptions {
  const { increment = "1", cache = "1", cycle = false } = given;
  const most = largest[type] ?? largest["smallint"]!;
  const falls = increment.startsWith("-");
  const minValue = given.minValue ?? (falls ? String(-most - 1n) : "1");
  const maxValue = given.maxValue ?? (falls ? "-1" : String(most));
  return { increment, startWith: given.startWith ?? (falls ? maxValue : minValue), minValue, maxValue, cache, cycle };
}

/** Of the options those that are not PostgreSQL's default, in one order; undefined: none is. */
export function ownSequenceOptions(type: string, given: Partial<SequenceOptions>): Partial<SequenceOptions> | undefined {
  const { increment, minValue, maxValue, startWith, cache, cycle } = sequenceOptions(type, given);
  const plain = sequenceOptions(type, { increment });
  const own: Partial<SequenceOptions> = {
    ...(increment !== "1" && { increment }),
    ...(startWith !== sequenceOptions(type, { increment, minValue, maxValue }).startWith && { startWith }),
    ...(minValue !== plain.minValue && { minValue }),
    ...(maxValue !== plain.maxValue && { maxValue }),
    ...(cache !== "1" && { cache }),
    ...(cycle && { cycle }),
  };
  return Object.keys(own).length > 0 ? own : undefined;
}

/** As SQL says them: `INCREMENT BY 5`, `START WITH 100`. */
export function sequenceClauses({ increment, startWith, minValue, maxValue, cache, cycle }: Partial<SequenceOptions>): readonly string[] {
  return [
    ...(increment === undefined ? [] : [`INCREMENT BY ${increment}`]),
    ...(minValue === undefined ? [] : [`MINVALUE ${minValue}`]),
    ...(maxValue === undefined ? [] : [`MAXVALUE ${maxValue}`]),
    ...(startWith === undefined ? [] : [`START WITH ${startWith}`]),
    ...(cache === undefined ? [] : [`CACHE ${cache}`]),
    ...(cycle === undefined ? [] : [cycle ? "CYCLE" : "NO CYCLE"]),
  ];
}
