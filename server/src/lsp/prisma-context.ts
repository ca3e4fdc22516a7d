// Whether the cursor stands in a list of fields of a Prisma block attribute. It looks at the text of the model before
// the cursor, which may be half-typed.

export interface PrismaContext {
  /** Fields that stand in the list already. */
  readonly written: readonly string[];
}

/** `before`: the model's text up to the cursor. */
export function prismaContext(before: string): PrismaContext | undefined {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const open = /^\s*@@(?:index|unique|id|fulltext)\s*\((?:[^[\]]*?)\[([^\]]*)$/.exec(line);
  if (!open) return undefined;
  // The word that is being typed is no field yet.
  const written = open[1]!.split(",").slice(0, -1).map((field) => /^\s*(\w+)/.exec(field)?.[1] ?? "");
  return { written: written.filter((field) => field !== "") };
}
