// A person with no server at all: the embedded PostgreSQL, built from the project's migrations, shows what they lack, and
// what a push would change. Pictures of each step go to out/shots.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { openPage, serve, type OpenedPage, type ServedVscode } from "../host/served-vscode";
import { questions, until } from "./questions";
import { vsixFile } from "./vsix";
import { workbench, type Workbench } from "./workbench";

const root = path.join(__dirname, "../../..");

const files: Readonly<Record<string, string>> = {
  "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./src/schema.ts", out: "./drizzle" };\n`,
  "package.json": JSON.stringify({ name: "shop", private: true, scripts: { build: "tsc", "db:push": "drizzle-kit push --strict" } }, undefined, 2),
  "src/schema.ts": `import { bigint, index, pgTable, text } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  name: text("name").notNull(),
});

export const orders = pgTable("orders", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  clientId: bigint("client_id", { mode: "number" }).notNull().references(() => clients.id),
  note: text("note"),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId),
]);
`,
  "drizzle/meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1_700_000_000_000, tag: "0000_first", breakpoints: true }] }),
  "drizzle/0000_first.sql": `CREATE TABLE "clients" ("id" bigint PRIMARY KEY NOT NULL, "name" text NOT NULL, "fax" text);
--> statement-breakpoint
CREATE TABLE "orders" ("id" bigint PRIMARY KEY NOT NULL, "client_id" bigint NOT NULL, CONSTRAINT "orders_client_id_clients_id_fk" FOREIGN KEY ("client_id") REFERENCES "clients"("id"));
`,
};

describe("the embedded database, used by a person who has no server", () => {
  let project: string;
  let served: ServedVscode;
  let opened: OpenedPage;
  let person: Workbench;

  before(async () => {
    project = fs.mkdtempSync(path.join(os.tmpdir(), "plumbline-project-"));
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
      fs.writeFileSync(path.join(project, file), text);
    }
    served = await serve({ workspace: project, install: [vsixFile()], builtins: ["typescript-basics", "json", "diff"], settings: { "editor.minimap.enabled": false } });
    opened = await openPage();
    person = workbench(opened.page, path.join(root, "out/shots"));
    await opened.page.goto(served.url(), { waitUntil: "commit" });
    await person.ready();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await person?.shot(`failed-${this.currentTest.title.replace(/\W+/g, "-")}`);
  });
  after(async () => {
    await opened?.browser.close();
    await served?.stop();
    fs.rmSync(project, { recursive: true, force: true });
  });

  it("a script that pushes has a lens, which asks for a database and takes the embedded one", async () => {
    await person.openFile("package.json");
    const lens = opened.page.locator(".codelens-decoration:visible a", { hasText: "Preview what this push would change or drop" }).first();
    await lens.waitFor({ timeout: 60_000 });
    const ask = questions(person);
    await until("a database is asked for", () => ask.dialog.isVisible(), () => lens.click({ timeout: 3_000 }).catch(() => undefined));
    await ask.confirm(/a push is previewed against a database/, "Use Embedded Postgres");
    await opened.page.locator(".tab.active", { hasText: "push preview.diff" }).waitFor({ timeout: 60_000 });
    const lines = opened.page.locator(".editor-group-container.active .view-line");
    await lines.filter({ hasText: "- clients: column fax text" }).waitFor();
    await lines.filter({ hasText: "+ orders: index orders_client_id_idx (client_id)" }).waitFor();
    await person.shot("embedded-1-push");
  });

  it("the schema shows what the migrations lack", async () => {
    await person.openFile("schema.ts");
    await person.squiggles("error").first().waitFor({ timeout: 30_000 });
    await person.hover("note", "clientId:", /note.*database/s);
    await person.shot("embedded-2-drift");
    await opened.page.mouse.move(900, 700);
  });
});
