// What is said in the editor names no command and no option of the terminal, and the palette has every title that it names.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { editorWords } from "../../../server/src/lsp/editor-words";

const root = path.join(__dirname, "../../..");
/** Other tools' options stay. */
const terminal = /plumbline (migrate|backup|diff|check|fix)\b|\bmigrate new\b|--(yes|confirm|replace|no-backup|applied|rolled-back|expect|transaction)\b|--database[ )]/;

const cases: readonly (readonly [said: string, inEditor: string])[] = [
  ['so some of its statements may have run. Run "plumbline migrate repair", which looks at what is there.', 'so some of its statements may have run. Run "Plumbline: Repair migrations…", which looks at what is there.'],
  ['or nothing, and record that: "plumbline migrate repair --applied", or "--rolled-back".', 'or nothing, and record that with "Plumbline: Repair migrations…".'],
  ["put it into a file and run that: plumbline migrate run FILE.sql.", 'put it into a file and run that: "Plumbline: Run SQL file…".'],
  ["Write -- plumbline: concurrently before it, and plumbline migrate builds it without blocking them", "Write -- plumbline: concurrently before it, and Plumbline builds it without blocking them"],
  ['Bring the two together first: "plumbline diff db code" tells all, "plumbline migrate new --database" makes a migration of it.', 'Bring the two together first: the Problems view tells all, "Plumbline: Generate migration" makes a migration of it.'],
  ['Bring the two together first: "plumbline diff db migrations" tells more.', "Bring the two together first."],
  ["Nothing was run. --expect takes a SELECT whose first value is true: it is none.", "Nothing was run. The check takes a SELECT whose first value is true: it is none."],
  ["its name must be typed to change it (--confirm shop).", "its name must be typed to change it."],
  ["Remove this COMMIT, or run the file without --transaction.", "Remove this COMMIT, or run the file statement by statement."],
  ["It would take:\n  + clients\n  + orders: column note text\n  … and 3 more\nBring the two together first.", "It would take: + clients; + orders: column note text; … and 3 more. Bring the two together first."],
  ["Nothing of the terminal is in here.", "Nothing of the terminal is in here."],
];

describe("what the editor says", () => {
  for (const [said, inEditor] of cases) it(said.slice(0, 60).replaceAll("\n", " "), () => assert.equal(editorWords(said), inEditor));

  it("names the commands of the palette, wherever a message names the terminal's", () => {
    const { contributes } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { contributes: { commands: readonly { title: string }[] } };
    const titles = new Set(contributes.commands.map(({ title }) => title));
    let seen = 0;
    const left: string[] = [];
    for (const line of ["migrate", "backup", "databases", "rules"].flatMap(messages)) {
      const said = editorWords(line);
      if (terminal.test(said)) left.push(said);
      for (const [, title] of said.matchAll(/"Plumbline: ([^"]+)"/g)) {
        seen++;
        assert.ok(titles.has(title!), title);
      }
    }
    assert.deepEqual(left, []);
    assert.ok(seen > 8, `${seen} titles`);
  });
});

/** The lines of code that hold a message with the terminal's words: what a rule's page says is for both. */
function messages(folder: string): readonly string[] {
  const files = readdirSync(path.join(root, "server/src", folder), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((file) => {
    const text = readFileSync(path.join(root, "server/src", folder, file), "utf8").replace(/^ {2}why: `[^]*?(?<!\\)`,$/gm, "");
    return text.split("\n").filter((line) => terminal.test(line) && !/^\s*(\/\/|\*|\/\*\*)/.test(line));
  });
}
