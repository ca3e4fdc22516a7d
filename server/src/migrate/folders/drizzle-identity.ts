// What drizzle-kit records of an identity column whose options the code leaves out: `fromDrizzleSchema` in its sources.

const largest: Readonly<Record<string, string>> = { integer: "2147483647", bigint: "9223372036854775807" };

/** For a column of this type. */
export function identityRange(type: string): { readonly increment: string; readonly startWith: string; readonly minValue: string; readonly maxValue: string } {
  return { increment: "1", startWith: "1", minValue: "1", maxValue: largest[type] ?? "32767" };
}
