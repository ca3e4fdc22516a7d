// The comments by which Prisma's engine says what each statement of a migration is: "-- CreateIndex" and the like. It
// looks at how a statement begins, and knows no more SQL than that.

/** First match counts. The names are those of the engine's `SqlMigrationStep`s. */
const steps: readonly (readonly [begins: RegExp, step: string])[] = [
  [/^create schema\b/, "CreateSchema"],
  [/^create extension\b/, "CreateExtension"],
  [/^alter extension\b/, "AlterExtension"],
  [/^drop extension\b/, "DropExtension"],
  [/^create type\b.* as enum\b/, "CreateEnum"],
  [/^alter type\b/, "AlterEnum"],
  [/^drop type\b/, "DropEnum"],
  [/^create (?:unlogged )?table\b/, "CreateTable"],
  [/^drop table\b/, "DropTable"],
  [/^create (?:unique )?index\b/, "CreateIndex"],
  [/^drop index\b/, "DropIndex"],
  [/^alter index\b.* rename to\b/, "RenameIndex"],
  [/^create sequence\b/, "CreateSequence"],
  [/^alter sequence\b/, "AlterSequence"],
  [/^drop sequence\b/, "DropSequence"],
  [/^alter table\b.*? rename constraint\b/, "RenameForeignKey"],
  [/^alter table\b.*? rename to\b/, "RenameTable"],
  [/^alter table\b.*? add (?:constraint (?:"(?:[^"]|"")*"|\S+) )?foreign key\b/, "AddForeignKey"],
  // Prisma's default name: of a constraint that is dropped, the statement says no more.
  [/^alter table\b.*? drop constraint (?:if exists )?"(?:[^"]|"")*_fkey"/, "DropForeignKey"],
  [/^alter table\b/, "AlterTable"],
];

/** The statements, each with Prisma's comment before it where it has a word for such a statement and none stands there already. */
export function withStepComments(statements: readonly string[]): readonly string[] {
  return statements.map((statement) => {
    if (/^\s*-- [A-Z][A-Za-z]+\s*$/m.test(comments(statement))) return statement;
    const step = stepOf(statement);
    return step === undefined ? statement : `-- ${step}\n${statement}`;
  });
}

function stepOf(statement: string): string | undefined {
  const text = statement.slice(comments(statement).length).replaceAll(/\s+/g, " ").trim();
  // Letter case is evened out in the words alone: names in quotes stay as they are.
  const words = text.replaceAll(/"(?:[^"]|"")*"|[^"]+/g, (part) => (part.startsWith('"') ? part : part.toLowerCase()));
  return steps.find(([begins]) => begins.test(words))?.[1];
}

/** The comments that a statement begins with. */
function comments(statement: string): string {
  return /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(statement)![0];
}
