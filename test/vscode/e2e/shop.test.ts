// A person opens the examples with Plumbline installed from its VSIX: sees the squiggle, hovers it, presses the light
// bulb, saves. Pictures of each step go to out/shots.
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { openPage, serve, type OpenedPage, type ServedVscode } from "../host/served-vscode";
import { until } from "./questions";
import { vsixFile } from "./vsix";
import { workbench, type Workbench } from "./workbench";

const root = path.join(__dirname, "../../..");
const orders = "drizzle-shop/src/db/schema/orders.ts";
const prisma = "prisma-shop/prisma/schema.prisma";

describe("the examples, opened by a person", () => {
  let served: ServedVscode;
  let opened: OpenedPage;
  let person: Workbench;
  const onDisk = (file: string): string => fs.readFileSync(path.join(served.workspace, file), "utf8");
  const original = (file: string): string => fs.readFileSync(path.join(root, "examples", file), "utf8");
  const lineOf = (file: string, text: string, after = ""): number => {
    const content = onDisk(file);
    const at = content.indexOf(text, content.indexOf(after));
    assert.ok(at >= 0, `${text} is in ${file}`);
    return content.slice(0, at).split("\n").length;
  };

  before(async () => {
    served = await serve({ workspace: path.join(root, "examples"), install: [vsixFile()], builtins: ["typescript-basics", "json", "sql"], settings: { "editor.minimap.enabled": false } });
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
  });

  /** Presses the light bulb's row of that title until its edit stands in the file. */
  const edited = (title: string | RegExp, shot: string): Promise<void> => until("the file is edited", () => opened.page.locator(".tab.active.dirty").isVisible(), async () => {
    const row = await person.lightBulb(title);
    await person.shot(shot);
    await row.click({ timeout: 3_000 }).catch(() => undefined);
  });

  it("the Drizzle schema has a squiggle under the key that no index serves", async () => {
    await person.openFile("orders.ts", "drizzle-shop");
    await person.goTo(lineOf(orders, ".references(() => customers.id)", 'pgTable(\n  "orders"'));
    await person.squiggles().first().waitFor({ timeout: 60_000 });
    await person.shot("1-squiggle");
  });

  it("the hover says what is wrong and why", async () => {
    const hover = await person.hover("references", "customerId: uuid()", /No index serves the foreign key/);
    await hover.getByText("fk/unindexed").first().waitFor();
    await person.shot("2-hover");
    await opened.page.mouse.move(900, 700);
  });

  it("a code lens counts keys and indexes over each table", async () => {
    await opened.page.locator(".codelens-decoration:visible", { hasText: /3 foreign keys, 2 uncovered/ }).first().waitFor();
  });

  it("the light bulb offers the index and writes it, in the file's style", async () => {
    await person.goTo(lineOf(orders, ".references(() => customers.id)", 'pgTable(\n  "orders"'), 14);
    await opened.page.locator('.monaco-editor [class*="codicon-gutter-lightbulb"], .monaco-editor .lightBulbWidget').first().waitFor();
    await edited("Add an index on orders.customer_id", "3-light-bulb");
    await person.save();
    const expected = original(orders).replace(
      '    index("orders_status_placed_at_idx").on(table.status, table.placedAt.desc()),\n',
      '    index("orders_status_placed_at_idx").on(table.status, table.placedAt.desc()),\n    index("orders_customer_id_idx").on(table.customerId),\n',
    );
    assert.notEqual(expected, original(orders));
    assert.equal(onDisk(orders), expected);
    await person.goTo(lineOf(orders, "orders_customer_id_idx"));
    await person.shot("4-fixed");
  });

  it("the same index stands in the Prisma schema of the same database", () => {
    assert.match(onDisk(prisma), /model Order \{[^}]*\n {2}@@index\(\[customerId\](, map: "orders_customer_id_idx")?\)\n/);
  });

  it("the Prisma schema has its squiggle, is highlighted, and takes its index", async () => {
    await person.openFile("schema.prisma", "prisma-shop");
    await person.goTo(lineOf(prisma, '@relation("billing", fields: [billingAddressId]', "model Order {"), 30);
    await person.squiggles().first().waitFor();
    const colours = await opened.page.locator(".editor-group-container.active .view-line span[class*='mtk']").evaluateAll((spans) => new Set(spans.map((span) => span.className.replace(/ .*/, ""))).size);
    assert.ok(colours > 3, `${colours} colours`);
    await person.goTo(lineOf(prisma, '@relation("billing", fields: [billingAddressId]', "model Order {"), 50);
    await edited(/^Add an index on orders\.billing_address_id/, "5-prisma-light-bulb");
    await person.save();
    assert.match(onDisk(prisma), /model Order \{[^}]*\n {2}@@index\(\[billingAddressId\](, map: "orders_billing_address_id_idx")?\)\n/);
    await person.goTo(lineOf(prisma, "@@index([billingAddressId]"));
    await person.shot("6-prisma-fixed");
  });

  it("the problems panel lists the findings, and the status bar counts them", async () => {
    await opened.page.keyboard.press("Control+Shift+M");
    await opened.page.locator(".markers-panel .monaco-list-row", { hasText: "No index serves the foreign key" }).first().waitFor();
    const item = opened.page.locator(".statusbar-item", { hasText: /Plumbline \d+/ });
    await item.waitFor();
    await person.shot("7-problems");
  });

  /** Puts the cursor on the key whose call of references() has that target. */
  const goToKey = async (file: string, target: string): Promise<void> => {
    const before = onDisk(file).slice(0, onDisk(file).indexOf(`.references(() => ${target}`));
    await person.goTo(before.split("\n").length, before.split("\n").at(-1)!.length + 3);
  };

  it("all missing indexes of a file are previewed one by one, ticked, and what is unticked stays out", async () => {
    const catalog = "drizzle-shop/src/db/schema/catalog.ts";
    await person.openFile("catalog.ts", "drizzle-shop");
    await goToKey(catalog, "brands.id");
    const preview = await person.preview(/^Add all missing indexes in this file \(3\)/);
    const edits = preview.locator(".monaco-list-row[aria-level='2']");
    for (const name of ["categories_parent_id_idx", "products_brand_id_idx", "reviews_customer_id_idx"]) {
      assert.equal(await edits.filter({ hasText: name }).locator(".edit-checkbox[aria-checked='true']").count(), 1, name);
    }
    assert.equal(await preview.locator(".edit-checkbox[aria-checked='false']").count(), 0);
    await person.shot("8-preview");
    await edits.filter({ hasText: "products_brand_id_idx" }).locator(".edit-checkbox").click();
    await preview.locator(".edit-checkbox[aria-checked='false']").first().waitFor();
    await preview.getByText("Apply", { exact: true }).click();
    await preview.waitFor({ state: "hidden" });
    await opened.page.locator(".tab.active.dirty").waitFor();
    await person.save();
    assert.match(onDisk(catalog), /categories_parent_id_idx[^]*reviews_customer_id_idx/);
    assert.doesNotMatch(onDisk(catalog), /products_brand_id_idx/);
  });

  it("which missing indexes to add is chosen in a list, in which all are ticked", async () => {
    const support = "drizzle-shop/src/db/schema/support.ts";
    await person.openFile("support.ts", "drizzle-shop");
    await goToKey(support, "orders.id");
    const list = opened.page.locator(".quick-input-widget");
    await until("the list is shown", () => list.getByText(/^\d+ Selected$/).isVisible(), async () => (await person.lightBulb(/^Choose which missing indexes to add/)).click({ timeout: 3_000 }).catch(() => undefined));
    await person.shot("9-choose");
    await list.locator(".quick-input-header [role='checkbox']").click();
    await list.getByText("0 Selected").waitFor();
    await list.locator("input[type='text']").first().fill("brand_id");
    await list.locator(".monaco-list-row", { hasText: "products.brand_id" }).click();
    await list.getByText("1 Selected").waitFor();
    await list.getByText("OK", { exact: true }).click();
    await list.waitFor({ state: "hidden" });
    await person.openFile("catalog.ts", "drizzle-shop");
    await opened.page.locator(".tab.active.dirty").waitFor();
    await person.save();
    assert.match(onDisk("drizzle-shop/src/db/schema/catalog.ts"), /products_brand_id_idx/);
    assert.equal(onDisk(support), original(support));
  });

  it("fixing the whole workspace leaves no key without an index", async () => {
    const uncovered = opened.page.locator(".statusbar-item", { hasText: /Plumbline \d+/ });
    await uncovered.waitFor();
    await person.command("Plumbline: Add All Missing Indexes in the Workspace");
    await uncovered.waitFor({ state: "detached" });
    const checkSaved = (): readonly { readonly rule: string }[] => {
      const { stdout } = spawnSync(process.execPath, [path.join(root, "dist/cli.js"), "check", "--format", "json", "--cwd", served.workspace], { encoding: "utf8" });
      return (JSON.parse(stdout) as { findings: { rule: string }[] }).findings;
    };
    let findings: readonly { readonly rule: string }[] = [];
    // The server has the edits before VS Code shows all of the files as changed, and only those are saved.
    for (let attempt = 1; attempt <= 8; attempt++) {
      await person.command("File: Save All Files");
      const saved = await opened.page.locator(".tab.dirty").first().waitFor({ state: "detached", timeout: 3_000 }).then(() => true, () => false);
      findings = checkSaved();
      if (saved && !findings.some(({ rule }) => rule === "fk/unindexed")) break;
    }
    await person.shot("10-all-fixed");
    assert.ok(findings.length > 0, "the rest is still found");
    assert.deepEqual(findings.filter(({ rule }) => rule === "fk/unindexed"), []);
  });

  it("the walkthrough opens", async () => {
    // VS Code itself gathers the walkthroughs in the first seconds after it was first asked for one.
    for (let attempt = 1; ; attempt++) {
      await person.command("Plumbline: Open Walkthrough");
      const shown = await opened.page.getByText("Get Started with Plumbline").first().waitFor({ timeout: 6_000 }).then(() => true, () => false);
      if (shown) break;
      assert.ok(attempt < 3, "the walkthrough is shown");
      await opened.page.keyboard.press("Control+W");
    }
    await person.shot("11-walkthrough");
  });

  it("no request has left the machine", () => {
    assert.deepEqual(opened.external, []);
  });
});

describe("in Restricted Mode", () => {
  let served: ServedVscode;
  let opened: OpenedPage;
  let person: Workbench;
  before(async () => {
    served = await serve({ workspace: path.join(root, "examples"), install: [vsixFile()], builtins: ["typescript-basics"], workspaceTrust: true });
    opened = await openPage();
    person = workbench(opened.page, path.join(root, "out/shots"));
    await opened.page.goto(served.url(), { waitUntil: "commit" });
    await person.ready();
  });
  after(async () => {
    await opened?.browser.close();
    await served?.stop();
  });

  it("the squiggle is there, without any trust given", async () => {
    await opened.page.getByText(/Restricted Mode/).first().waitFor();
    await person.openFile("orders.ts", "drizzle-shop");
    await person.squiggles().first().waitFor({ timeout: 60_000 });
    await person.shot("12-restricted-mode");
  });

  it("commands that write the project's files are not offered", async () => {
    await person.palette(">Plumbline:");
    await opened.page.locator(".quick-input-list .monaco-list-row", { hasText: "Plumbline: Check Workspace" }).first().waitFor();
    assert.equal(await opened.page.locator(".quick-input-list .monaco-list-row", { hasText: "Create Baseline" }).count(), 0);
    await person.shot("13-restricted-palette");
  });
});
