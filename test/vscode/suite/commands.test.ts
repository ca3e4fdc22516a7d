import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Status } from "../../../server/src/lsp/protocol";
import { findingsOf, open, revert, until } from "./editor";

const extension = (): vscode.Extension<unknown> => vscode.extensions.getExtension("plumbline.plumbline")!;
const inWorkspace = (file: string): vscode.Uri => vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, file);

describe("the commands", () => {
  let schema: vscode.TextDocument;
  before(async () => {
    schema = await open("src/db/schema.ts");
    await findingsOf(schema, "fk/unindexed", 2);
  });
  afterEach(() => revert(schema));

  it("are all there, under Plumbline", async () => {
    const contributed = (extension().packageJSON as { contributes: { commands: { command: string; category: string }[] } }).contributes.commands;
    const registered = await vscode.commands.getCommands(true);
    assert.ok(contributed.length >= 8);
    assert.deepEqual(contributed.filter(({ command, category }) => !registered.includes(command) || category !== "Plumbline"), []);
  });

  it("check the workspace", async () => {
    const status = await vscode.commands.executeCommand<Status>("plumbline.checkWorkspace");
    assert.deepEqual({ schemas: status.schemas, tables: status.tables, uncovered: status.uncovered }, { schemas: 2, tables: 5, uncovered: 3 });
  });

  it("add all missing indexes of the file", async () => {
    await vscode.window.showTextDocument(schema);
    await vscode.commands.executeCommand("plumbline.fixFile");
    await findingsOf(schema, "fk/unindexed", 0);
    assert.match(schema.getText(), /orders_client_id_idx/);
  });

  it("add all missing indexes of the workspace, in both languages", async () => {
    const prisma = await open("prisma/schema.prisma");
    await findingsOf(prisma, "fk/unindexed", 1);
    await vscode.commands.executeCommand("plumbline.fixWorkspace");
    await findingsOf(schema, "fk/unindexed", 0);
    await findingsOf(prisma, "fk/unindexed", 0);
    await revert(prisma);
  });

  it("copy CREATE INDEX for the finding at the cursor", async () => {
    const [finding] = await findingsOf(schema, "fk/unindexed", 2);
    const editor = await vscode.window.showTextDocument(schema);
    editor.selection = new vscode.Selection(finding!.range.start, finding!.range.start);
    await vscode.env.clipboard.writeText("");
    await vscode.commands.executeCommand("plumbline.copyCreateIndex");
    assert.match(await vscode.env.clipboard.readText(), /CREATE INDEX CONCURRENTLY/);
  });

  it("show a rule's page", async () => {
    await vscode.commands.executeCommand("plumbline.showRule", "fk/unindexed");
    await until("the preview", () => vscode.window.tabGroups.all.some((group) => group.tabs.some(({ label }) => /unindexed/.test(label))));
  });

  it("restart the server, and the findings come back", async () => {
    await vscode.commands.executeCommand("plumbline.restartServer");
    await findingsOf(schema, "fk/unindexed", 2);
  });

  it("open a configuration to begin with", async () => {
    await vscode.window.showTextDocument(schema);
    await vscode.commands.executeCommand("plumbline.openConfig");
    const document = await until("the configuration", () => vscode.window.activeTextEditor?.document.uri.path.endsWith("plumbline.config.json") && vscode.window.activeTextEditor.document);
    assert.equal(document.isUntitled, true);
    assert.ok(JSON.parse(document.getText()));
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("record a baseline, after which only new findings are reported", async () => {
    await vscode.window.showTextDocument(schema);
    try {
      await vscode.commands.executeCommand("plumbline.createBaseline");
      await findingsOf(schema, "fk/unindexed", 0);
      const config = JSON.parse(Buffer.from(await vscode.workspace.fs.readFile(inWorkspace("plumbline.config.json"))).toString()) as { baseline: string };
      assert.ok(await vscode.workspace.fs.stat(inWorkspace(config.baseline)));
      const line = schema.getText().split("\n").findIndex((text) => text.includes("quantity: integer"));
      const editor = await vscode.window.showTextDocument(schema);
      await editor.edit((edit) => edit.insert(new vscode.Position(line, 0), "  clientId: bigint('client_id', { mode: 'number' }).references(() => clients.id),\n"));
      await findingsOf(schema, "fk/unindexed", 1);
    } finally {
      for (const file of ["plumbline.config.json", "plumbline-baseline.json"]) await vscode.workspace.fs.delete(inWorkspace(file)).then(undefined, () => undefined);
    }
    await revert(schema);
    await findingsOf(schema, "fk/unindexed", 2);
  });
});

describe("the settings", () => {
  let schema: vscode.TextDocument;
  before(async () => {
    schema = await open("src/db/schema.ts");
    await findingsOf(schema, "fk/unindexed", 2);
  });

  const set = (name: string, value: unknown): Thenable<void> => vscode.workspace.getConfiguration("plumbline").update(name, value, vscode.ConfigurationTarget.Workspace);

  it("change a rule's severity at once", async () => {
    await set("rules", { "fk/unindexed": "error" });
    await until("errors", () => vscode.languages.getDiagnostics(schema.uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error).length === 2);
    await set("rules", { "fk/*": "off" });
    await findingsOf(schema, "fk/unindexed", 0);
    await set("rules", undefined);
    await findingsOf(schema, "fk/unindexed", 2);
  });

  it("of plumbline.config.json are taken over when the file is saved, and its mistakes are marked", async () => {
    const uri = inWorkspace("plumbline.config.json");
    try {
      await vscode.workspace.fs.writeFile(uri, Buffer.from('{ "rules": { "fk/unindexd": "off", "fk/unindexed": "hint" } }'));
      await until("hints", () => vscode.languages.getDiagnostics(schema.uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Hint).length >= 2);
      const [mistake] = await until("the mistake", () => {
        const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "plumbline");
        return found.length > 0 && found;
      });
      assert.match(mistake!.message, /unknown rule "fk\/unindexd".*fk\/unindexed/);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
    await until("warnings again", () => vscode.languages.getDiagnostics(schema.uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Warning).length === 2);
  });
});
