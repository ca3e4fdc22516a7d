// What the terminal and the editor say alike names the terminal's commands and options: here they become what a person in the
// editor has, the palette's commands and the choices of its dialogs. The titles are those of package.json.

/** The sentence as the editor says it: on one line, since a notification keeps no other. */
export function editorWords(text: string): string {
  const line = text.includes("\n  ") ? text.replace(/:\n {2}/g, ": ").replace(/\n {2}/g, "; ").replace(/(?<![.!?])\n/g, ". ") : text;
  return terminalWords.test(line) ? words.reduce((said, [terminal, editor]) => said.replace(terminal, editor), line) : line;
}

/** What a sentence must hold to be changed: most hold none of it. */
const terminalWords = /plumbline [a-z]|--[a-z]/;

const commands: readonly (readonly [terminal: string, title: string])[] = [
  ["migrate run FILE.sql", "Run SQL file…"], ["migrate new --database", "Generate migration"], ["migrate new", "Generate migration"], ["migrate repair", "Repair migrations…"], ["migrate baseline", "Baseline migrations"],
  ["migrate plan", "Show migration plan"], ["migrate status", "Refresh migrations"], ["migrate verify", "Verify migrations"], ["migrate test", "Test migrations (embedded)"], ["migrate up", "Migrate up…"], ["migrate down", "Migrate down…"],
  ["backup create", "Create backup"], ["backup verify -", "Verify backup…"], ["backup verify", "Verify backup…"], ["backup restore", "Restore backup…"],
];

/** In this order: what is longer stands before what it begins with. */
const words: readonly (readonly [terminal: RegExp, editor: string])[] = [
  [/: "plumbline migrate repair --applied", or "--rolled-back"\./g, ' with "Plumbline: Repair migrations…".'],
  ...commands.map(([terminal, title]) => [new RegExp(`(?:(["\`])plumbline ${terminal}\\1|plumbline ${terminal}(?![\\w-]))`, "g"), `"Plumbline: ${title}"`] as const),
  [/\bmigrate new --empty\b/g, '"Plumbline: New empty migration"'],
  [/"plumbline diff db code"/g, "the Problems view"],
  [/: "plumbline diff db migrations" tells more\./g, "."],
  // The runner itself, which both have.
  [/\bplumbline migrate\b/g, "Plumbline"],
  [/ \(--(confirm|database|replace)\b[^)]*\)/g, ""],
  [/Name a database to compare with instead\./g, "Generate it from the drift of a connected database instead."],
  [/ To do without it: --no-backup\./g, ""],
  [/To run without one: --no-backup\./g, "To run without one, set \"before\" of \"backups\" to \"never\" in plumbline.config.json."],
  [/\bwithout --transaction/g, "statement by statement"], [/\bwith --transaction/g, "in one transaction"],
  [/(^|[.!?] )--expect\b/g, "$1The check"], [/What --expect asks/g, "What the check asks"], [/--expect\b/g, "check"],
  [/with --database URL|with --database(?= |,)/g, "by its URL"], [/--database embedded/g, "embedded Postgres"],
];
