// A schema that was changed after its last migration: the squiggle, and the light bulb that generates the migration. No
// database server is needed.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { FileChangeType } from "vscode-languageserver/node";
import { clientCommands, serverCommands, type GenerateMigrationAnswer, type GenerateMigrationRequest } from "../../server/src/lsp/protocol";
import { shop } from "./database-editor";
import { startEditor } from "./editor";

const config = `export default { dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle" };\n`;
const rule = "drift/not-generated";

describe("a change that no migration makes", () => {
  it("gets a squiggle, and the light bulb makes the migration, after which it is gone", async () => {
    const editor = await startEditor({ "src/schema.ts": shop, "drizzle.config.ts": config }, { commands: Object.values(clientCommands) });
    try {
      const generate = async (request: GenerateMigrationRequest): Promise<readonly string[]> => {
        const answer = (await editor.connection.sendRequest("workspace/executeCommand", { command: serverCommands.generateMigration, arguments: [request] })) as GenerateMigrationAnswer;
        assert.ok(answer.kind === "generated", JSON.stringify(answer));
        for (const { uri, text } of answer.files) {
          const file = fileURLToPath(uri);
          mkdirSync(path.dirname(file), { recursive: true });
          writeFileSync(file, text);
          void editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri, type: FileChangeType.Created }] });
        }
        return answer.files.filter(({ shown }) => shown).map(({ text }) => text);
      };
      const found = async (): Promise<readonly string[]> => (await editor.pull("src/schema.ts")).filter(({ code }) => code === rule).map(({ message }) => String(message));
      editor.open("src/schema.ts");
      await generate({ name: "init", what: { kind: "difference", from: { kind: "folder" } } });
      await editor.until("no finding", found, (messages) => messages.length === 0);

      editor.replace("src/schema.ts", `name: text("name").notNull(),`, `name: text("name").notNull(),\n  fax: text("fax"),`);
      assert.deepEqual(await found(), ["clients has a change that no migration makes: column fax. Generate one."]);
      const at = editor.position("src/schema.ts", "clients", 2);
      const action = (await editor.actions("src/schema.ts", { start: at, end: at })).find(({ title }) => title === "Generate the migration of clients");
      const [uri, key] = action!.command!.arguments as [string, string];
      const [sql, ...more] = await generate({ what: { kind: "finding", uri, key } });
      assert.match(sql!, /ALTER TABLE "?clients"? ADD COLUMN "?fax"? text/);
      assert.deepEqual(more, []);
      await editor.until("no finding", found, (messages) => messages.length === 0);
    } finally {
      await editor.stop();
    }
  });
});
