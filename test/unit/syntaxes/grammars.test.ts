// The grammars in syntaxes/, read by VS Code's own tokenizer over marked code in cases/. Under a line of code,
// `> text  a.b -c.d` says that `text`, the next one in that line, has a scope a.b (or a longer one) and none that is c.d.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, parseRawGrammar, Registry } from "vscode-textmate";

const root = path.resolve(__dirname, "../../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

interface Contributed {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

const own = (JSON.parse(read("package.json")) as { readonly contributes: { readonly grammars: readonly Contributed[] } }).contributes.grammars;
const files = new Map([
  ...own.map(({ scopeName, path: file }) => [scopeName, file] as const),
  ["source.ts", "node_modules/tm-grammars/grammars/typescript.json"],
  ["source.tsx", "node_modules/tm-grammars/grammars/tsx.json"],
]);
const registry = new Registry({
  onigLib: loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"))).then(() => ({ createOnigScanner, createOnigString })),
  loadGrammar: (scope) => Promise.resolve(files.has(scope) ? parseRawGrammar(read(files.get(scope)!), files.get(scope)) : null),
  getInjections: (scope) => own.filter(({ injectTo }) => injectTo?.includes(scope)).map(({ scopeName }) => scopeName),
});

for (const [scope, file] of [["source.ts", "sql-in-drizzle.txt"], ["source.tsx", "sql-in-tsx.txt"], ["source.prisma.plumbline", "prisma.txt"]] as const) {
  describe(`the highlighting of ${path.basename(file, ".txt")}`, () => {
    for (const section of read(`test/unit/syntaxes/cases/${file}`).split(/^=== /m).slice(1)) {
      const [title, ...lines] = section.split("\n");
      it(title!, () => check(scope, lines));
    }
  });
}

async function check(scope: string, lines: readonly string[]): Promise<void> {
  const grammar = await registry.loadGrammar(scope);
  assert.ok(grammar, scope);
  let stack = INITIAL;
  let line = "";
  let tokens: ReturnType<typeof grammar.tokenizeLine>["tokens"] = [];
  let from = 0;
  let marks = 0;
  for (const text of lines) {
    const mark = /^> (.+?) {2,}(\S.*)$/.exec(text);
    if (!mark) {
      const tokenized = grammar.tokenizeLine(text, stack);
      [line, tokens, stack, from] = [text, tokenized.tokens, tokenized.ruleStack, 0];
      continue;
    }
    const start = line.indexOf(mark[1]!, from);
    assert.ok(start >= 0, `${text}\nis not to be found in\n${line}`);
    from = start + mark[1]!.length;
    for (const token of tokens.filter(({ startIndex, endIndex }) => startIndex < from && start < endIndex))
      for (const wanted of mark[2]!.split(" ")) {
        const name = wanted.replace(/^-/, "");
        const has = token.scopes.some((one) => one === name || one.startsWith(`${name}.`));
        assert.equal(has, !wanted.startsWith("-"), `"${line.slice(token.startIndex, token.endIndex)}" has ${token.scopes.join(" ")}\n${line}\n${text}`);
      }
    marks++;
  }
  assert.ok(marks > 0, "nothing is marked");
}
