// The schemas that a migration's own statements make and drop: the model has no word for a schema without tables.

/** In the order of the statements, `public` apart. */
export function schemaStatements(statements: readonly string[]): readonly { readonly verb: "create" | "drop"; readonly name: string }[] {
  return statements.flatMap((statement) => {
    const [, verb, quoted, plain] = /^\s*(?:--[^\n]*\n\s*)*(create|drop)\s+schema\s+(?:if\s+(?:not\s+)?exists\s+)?(?:"((?:[^"]|"")+)"|(\w+))/i.exec(statement) ?? [];
    const name = quoted?.replaceAll('""', '"') ?? plain?.toLowerCase();
    return name === undefined || name === "public" ? [] : [{ verb: verb!.toLowerCase() === "create" ? "create" as const : "drop" as const, name }];
  });
}
