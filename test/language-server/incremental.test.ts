// What an editor shows after dozens of random edits, pushed and pulled, is what a fresh server finds in each of the
// texts: nothing of what the server keeps from one keystroke to the next may be seen.
import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { DidChangeTextDocumentNotification, PublishDiagnosticsNotification, type ClientCapabilities, type Diagnostic } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { applyEdit, drizzleMaterial, inverseEdit, prismaMaterial, randomNumbers, randomStep, type Edit, type Material } from "../fuzz/edits";
import { folderWith, visualStudioCode, withEditor } from "./editor";

interface Generator { buildModel(tables: number): unknown; toDrizzle(model: unknown): string; toPrisma(model: unknown, all: boolean): string }

const edits = 48;
/** These are the fuzzer's: they leave little of a schema, or no valid positions. */
const leftOut = new Set(["emptied file", "pasted junk", "byte order mark"]);
const { diagnostic, ...withoutPull } = visualStudioCode.textDocument!;
const clients: readonly (readonly [name: string, capabilities: ClientCapabilities])[] = [["pulled", visualStudioCode], ["pushed", { ...visualStudioCode, textDocument: withoutPull }]];
const languages: readonly (readonly [file: string, language: string, material: Material, text: (generator: Generator) => string])[] = [
  ["schema.ts", "typescript", drizzleMaterial, ({ buildModel, toDrizzle }) => toDrizzle(buildModel(30))],
  ["schema.prisma", "prisma", prismaMaterial, ({ buildModel, toPrisma }) => toPrisma(buildModel(30), true)],
];

/** One edit as the protocol says it, and what it makes of the text. */
function sayEdit(text: string, { start, end, text: inserted }: Edit) {
  const document = TextDocument.create("", "", 0, text);
  const range = { start: document.positionAt(start), end: document.positionAt(end) };
  const edit = { start: document.offsetAt(range.start), end: document.offsetAt(range.end), text: inserted };
  return { edit, change: { range, text: inserted }, after: applyEdit(text, edit) };
}

/** The diagnostics of a file that has these texts in turn, from a server that has seen nothing else. */
async function afresh(file: string, texts: readonly string[]): Promise<readonly string[]> {
  const names = texts.map((_, at) => path.join(`step-${at}`, file));
  const folder = folderWith(Object.fromEntries(names.map((name, at) => [name, texts[at]!])));
  const found: string[] = [];
  await withEditor(folder, { folders: names.map((name) => path.dirname(path.join(folder, name))) }, async (editor) => {
    for (const name of names) found.push(comparable(await editor.pull(name), editor.uri(name)));
  });
  return found;
}

function comparable(diagnostics: readonly Diagnostic[], uri: string): string {
  return JSON.stringify(diagnostics.map(({ range, severity, code, codeDescription, message, tags, relatedInformation, data }) => ({ range, severity, code, codeDescription, message, tags, relatedInformation, data })), undefined, 1).replaceAll(uri, "URI");
}

describe("diagnostics after random edits", function () {
  this.timeout(300_000);
  for (const [file, language, material, make] of languages) for (const [way, capabilities] of clients) {
    it(`are those of a fresh server: ${file}, ${way}`, async () => {
      const generator = (await import(pathToFileURL(path.join(__dirname, "../bench/gen.mjs")).href)) as Generator;
      let text = make(generator);
      const texts: string[] = [text];
      const shown: string[] = [];
      const kinds: string[] = ["opened"];
      await withEditor({ [file]: text }, { capabilities }, async (editor) => {
        const uri = editor.uri(file);
        const waiting = new Map<number, (diagnostics: readonly Diagnostic[]) => void>();
        editor.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri: of, version, diagnostics }) => void (of === uri && version !== undefined && waiting.get(version)?.(diagnostics)));
        const diagnosticsAfter = async (version: number, send: () => void): Promise<readonly Diagnostic[]> => {
          const pushed = new Promise<readonly Diagnostic[]>((resolve) => waiting.set(version, resolve));
          send();
          return way === "pushed" ? pushed : editor.pull(file);
        };
        shown.push(comparable(await diagnosticsAfter(1, () => editor.open(file, language)), uri));
        const random = randomNumbers(2);
        for (let version = 2; texts.length <= edits; ) {
          const { kind, edits: steps } = randomStep(text, random, material);
          if (leftOut.has(kind) || steps.length === 0) continue;
          const before = text;
          const said = steps.map((one) => {
            const step = sayEdit(text, one);
            text = step.after;
            return step;
          });
          const contentChanges = said.map(({ change }) => change);
          // Half of the edits stay.
          if (said.length === 1 && random() < 0.5 && kinds.at(-1) !== "undone") {
            const found = await diagnosticsAfter(version, () => void editor.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri, version }, contentChanges }));
            shown.push(comparable(found, uri));
            texts.push(text);
            kinds.push(kind, "undone");
            version++;
            const undone = sayEdit(text, inverseEdit(before, said[0]!.edit));
            text = undone.after;
            contentChanges.splice(0, 1, undone.change);
          } else kinds.push(kind);
          const now = version++;
          shown.push(comparable(await diagnosticsAfter(now, () => void editor.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri, version: now }, contentChanges })), uri));
          texts.push(text);
        }
      });
      const fresh = await afresh(file, texts);
      for (const [at, expected] of fresh.entries()) assert.equal(shown[at], expected, `after edit ${at} (${kinds[at]})`);
      assert.ok(new Set(shown).size > edits / 3, "most edits are to be seen");
    });
  }
});
