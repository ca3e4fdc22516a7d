// `plumbline lsp --stdio` from the terminal's bundle is the language server. What the server does is tested in
// test/language-server; here it starts, answers, publishes and ends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver-protocol/node";
import { bundled, project } from "./plumbline";

describe("plumbline lsp", function () {
  this.timeout(60_000);

  it("serves an editor over standard input and output, and ends when the editor says so", async () => {
    const text = `datasource db {\n  provider = "postgresql"\n}\n\nmodel A {\n  id String @id\n  b  B[]\n}\n\nmodel B {\n  id  String @id\n  aId String\n  a   A @relation(fields: [aId], references: [id])\n}\n`;
    const root = project({ "schema.prisma": text });
    const uri = pathToFileURL(`${root}/schema.prisma`).href;
    const child = spawn(process.execPath, [await bundled(), "lsp", "--stdio"], { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
    const exited = new Promise((resolve) => child.on("close", resolve));
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const published = new Promise<readonly { readonly code: string }[]>((resolve) => {
      connection.onNotification("textDocument/publishDiagnostics", (params: { readonly uri: string; readonly diagnostics: readonly { readonly code: string }[] }) => {
        if (params.uri === uri && params.diagnostics.length > 0) resolve(params.diagnostics);
      });
    });
    connection.listen();
    await connection.sendRequest("initialize", { processId: null, rootUri: pathToFileURL(root).href, capabilities: {} });
    await connection.sendNotification("initialized", {});
    await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "prisma", version: 1, text } });
    assert.deepEqual((await published).map(({ code }) => code), ["fk/unindexed"]);
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    assert.equal(await exited, 0);
    connection.dispose();
  });
});
