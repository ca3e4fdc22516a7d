import * as assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Api } from "../../../../client/src/extension";
import { serverCommands, type ConnectAnswer } from "../../../../server/src/lsp/protocol";
import { action, apply, findingsOf, open, revert } from "../editor";

describe("in a workspace that is not trusted", () => {
  it("is restricted at all", () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it("the schema is read, and its findings shown", async () => {
    const schema = await open("src/db/schema.ts");
    await findingsOf(schema, "fk/unindexed", 2);
    await findingsOf(await open("prisma/schema.prisma"), "fk/unindexed", 1);
  });

  it("the quick fix edits the open file", async () => {
    const schema = await open("src/db/schema.ts");
    const [finding] = await findingsOf(schema, "fk/unindexed", 2);
    await apply(await action(schema, finding!.range, "Add an index on orders.client_id"));
    await findingsOf(schema, "fk/unindexed", 1);
    await revert(schema);
  });

  it("commands that write the project's files do nothing", async () => {
    await vscode.commands.executeCommand("plumbline.createBaseline").then(undefined, () => undefined);
    const files = await vscode.workspace.findFiles("{plumbline.config.json,plumbline-baseline.json}");
    assert.deepEqual(files.map(String), []);
  });

  it("a setting of the workspace that names files is not taken", async () => {
    const schema = await open("src/db/schema.ts");
    await vscode.workspace.getConfiguration("plumbline").update("schemas", ["nowhere.ts"], vscode.ConfigurationTarget.Workspace);
    try {
      assert.notDeepEqual(vscode.workspace.getConfiguration("plumbline").get("schemas"), ["nowhere.ts"]);
      await findingsOf(schema, "fk/unindexed", 2);
    } finally {
      await vscode.workspace.getConfiguration("plumbline").update("schemas", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("no database is connected to: not by the command, and not where the server is asked itself", async () => {
    assert.equal(await vscode.commands.executeCommand("plumbline.connectDatabase"), undefined);
    assert.equal(await vscode.commands.executeCommand("plumbline.useEmbeddedDatabase"), undefined);
    const { session } = (await vscode.extensions.getExtension<Api>("plumbline.plumbline")!.activate());
    const { client } = await session();
    const answer = await client.sendRequest<ConnectAnswer>("workspace/executeCommand", { command: serverCommands.connectDatabase, arguments: [{ target: { kind: "embedded" } }] });
    assert.match(answer.kind === "failed" ? answer.message : answer.kind, /not trusted/);
  });

  it("no migration is made or run, and no backup: not by the commands, and not where the server is asked itself", async () => {
    for (const command of ["generateMigration", "newEmptyMigration", "migrateUp", "verifyMigrations", "testMigrations", "compareMigrations"]) assert.equal(await vscode.commands.executeCommand(`plumbline.${command}`), undefined, command);
    const { session } = await vscode.extensions.getExtension<Api>("plumbline.plumbline")!.activate();
    const { client } = await session();
    const root = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    for (const command of [serverCommands.generateMigration, serverCommands.runMigrations, serverCommands.createBackup]) {
      const answer = await client.sendRequest<{ readonly kind: string; readonly message: string }>("workspace/executeCommand", { command, arguments: [{ root, schema: "src/db/schema.ts", database: "any", action: "up", name: "any", what: { kind: "empty" } }] });
      assert.match(answer.kind === "failed" ? answer.message : answer.kind, /not trusted/, command);
    }
    assert.deepEqual((await vscode.workspace.findFiles("**/*.sql")).map(String), []);
  });
});
