// A person opens the diagram of a schema in the real editor: searches, hovers, clicks a table, a column, exports. Pictures
// go to out/shots, those of a schema of 174 tables among them.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import type { FrameLocator } from "playwright-core";
import { openPage, serve, type OpenedPage, type ServedVscode, type Settings } from "../host/served-vscode";
import { until } from "./questions";
import { vsixFile } from "./vsix";
import { workbench, type Workbench } from "./workbench";

const root = path.join(__dirname, "../../..");

describe("the schema diagram", () => {
  let served: ServedVscode;
  let opened: OpenedPage;
  let person: Workbench;
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "pld-"));

  async function start(workspace: string, settings: Settings = {}): Promise<void> {
    served = await serve({ workspace, install: [vsixFile()], builtins: ["typescript-basics"], settings: { "editor.minimap.enabled": false, ...settings } });
    opened = await openPage({ width: 1440, height: 900 });
    person = workbench(opened.page, path.join(root, "out/shots"));
    await opened.page.goto(served.url(), { waitUntil: "commit" });
    await person.ready();
  }
  async function stop(): Promise<void> {
    await opened?.browser.close();
    await served?.stop();
  }
  const page = (): FrameLocator => opened.page.frameLocator("iframe.webview").frameLocator("#active-frame");

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await person?.shot(`failed-${this.currentTest.title.replace(/\W+/g, "-")}`);
  });
  after(() => fs.rmSync(scratch, { recursive: true, force: true }));

  describe("of the example shop", () => {
    before(() => start(path.join(root, "examples/drizzle-shop")));
    after(stop);

    it("opens from the palette with every table, its findings marked", async () => {
      await person.openFile("orders.ts");
      await person.squiggles().first().waitFor({ timeout: 60_000 });
      await person.command("Plumbline: Show Schema Diagram");
      await page().locator("body[data-tables]").waitFor();
      const constructors = fs.readdirSync(path.join(root, "examples/drizzle-shop/src/db/schema")).map((file) => fs.readFileSync(path.join(root, "examples/drizzle-shop/src/db/schema", file), "utf8")).join("\n").match(/pgTable\(/g)!;
      assert.equal(await page().locator(".table").count(), constructors.length);
      assert.ok((await page().locator(".table .mark.warning").count()) > 0);
      await person.shot("diagram-1-shop");
    });

    it("finds a table by its name and brings it to the middle", async () => {
      await page().locator("#search").fill("order_it");
      await page().locator(".table.current", { hasText: "order_items" }).waitFor();
      assert.equal(await page().locator("#found").textContent(), "1 of 1");
      await page().locator(".table.current .name").hover();
      await person.shot("diagram-2-search");
    });

    it("zooms with the wheel and moves with a drag", async () => {
      const transform = (): Promise<string | null> => page().locator("#world").getAttribute("transform");
      const before = await transform();
      await page().locator("#canvas").hover();
      await opened.page.keyboard.down("Control");
      await opened.page.mouse.wheel(0, 200);
      await opened.page.keyboard.up("Control");
      await page().locator(`#world:not([transform="${before}"])`).waitFor({ state: "attached" });
      const zoomed = await transform();
      await opened.page.mouse.move(1100, 300);
      await opened.page.mouse.down();
      await opened.page.mouse.move(1000, 380, { steps: 4 });
      await opened.page.mouse.up();
      await page().locator(`#world:not([transform="${zoomed}"])`).waitFor({ state: "attached" });
      assert.equal(/scale\((.*)\)/.exec((await transform())!)![1], /scale\((.*)\)/.exec(zoomed!)![1]);
    });

    it("saves the whole as an SVG file that holds no script", async () => {
      await page().locator("#export").click();
      const box = opened.page.locator(".quick-input-widget input").first();
      await box.waitFor();
      // The dialog writes the name when it has read the folder.
      await opened.page.waitForFunction(() => /\/src-db-schema-index\.svg$/.test((globalThis as unknown as { document: { querySelector(selector: string): { value: string } | null } }).document.querySelector(".quick-input-widget input[type=text]")?.value ?? ""));
      const saved = opened.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "src-db-schema-index.svg" });
      await until("the file is saved", () => saved.isVisible(), async () => {
        if (await box.isVisible()) await opened.page.keyboard.press("Enter");
      });
      const svg = fs.readFileSync(path.join(served.workspace, "src-db-schema-index.svg"), "utf8");
      assert.match(svg, /^<svg [^]*order_items[^]*<\/svg>\n$/);
      assert.doesNotMatch(svg, /<script|href=/);
    });

    it("a click on a table goes to its declaration, one on a column to the column", async () => {
      await page().locator("#search").fill("order_items");
      await page().locator(".table.current .name").click();
      await opened.page.locator(".tab.active", { hasText: "orders.ts" }).waitFor();
      const source = fs.readFileSync(path.join(served.workspace, "src/db/schema/orders.ts"), "utf8");
      const lineOf = (text: string): number => source.slice(0, source.indexOf(text)).split("\n").length;
      const declared = lineOf("orderItems =");
      await opened.page.locator(".part.statusbar", { hasText: `Ln ${declared},` }).waitFor();
      await page().locator(".table.current .row .column").nth(1).click();
      await opened.page.locator(".part.statusbar", { hasText: new RegExp(`Ln (?!${declared},)\\d+`) }).waitFor();
      assert.equal(await opened.page.locator(".editor-group-container").count(), 2, "both in one group beside the diagram");
      await person.shot("diagram-3-declaration");
    });

    it("the lens over a table shows it in the diagram", async () => {
      await page().locator("#search").fill("");
      await page().locator(".table.current").waitFor({ state: "detached" });
      await opened.page.locator(".tab", { hasText: "orders.ts" }).last().click();
      const source = fs.readFileSync(path.join(served.workspace, "src/db/schema/orders.ts"), "utf8");
      await person.goTo(source.slice(0, source.indexOf("shipments = ")).split("\n").length);
      const lens = opened.page.locator(".codelens-decoration:visible", { hasText: "1 foreign key | 2 indexes" }).locator("a", { hasText: "diagram" }).first();
      const current = page().locator(".table.current", { hasText: "shipments" });
      await until("the table is shown in the diagram", () => current.isVisible(), () => lens.click({ timeout: 3_000 }).catch(() => undefined));
      await person.shot("diagram-3-lens");
    });

    it("the page allows nothing but its own script and style", async () => {
      const policy = (await page().locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content"))!;
      assert.match(policy, /^default-src 'none'; script-src 'nonce-([\w+/=]+)'; style-src 'nonce-\1'; base-uri 'none'; form-action 'none'$/);
      // VS Code's own service worker answers for this name, from the extension's files.
      assert.deepEqual(opened.external.filter((url) => !/^https:\/\/[\w+-]+\.vscode-resource\.vscode-cdn\.net\/.*\/dist\/diagram\.(js|css)$/.test(url)), []);
    });
  });

  describe("of 174 tables, in a dark theme", () => {
    before(async () => {
      const { buildModel, toDrizzle } = (await import(pathToFileURL(path.join(root, "test/bench/gen.mjs")).href)) as { buildModel(n: number): unknown; toDrizzle(model: unknown): string };
      const folder = path.join(scratch, "large");
      fs.mkdirSync(path.join(folder, "src"), { recursive: true });
      fs.writeFileSync(path.join(folder, "src/schema.ts"), toDrizzle(buildModel(174)));
      await start(folder, { "workbench.colorTheme": "Default Dark Modern" });
    });
    after(stop);

    it("shows all, names large where rows would be too small", async () => {
      await person.openFile("schema.ts");
      await person.command("Plumbline: Show Schema Diagram");
      await page().locator('body[data-tables="174"]').waitFor({ timeout: 60_000 });
      await page().locator("#canvas.far .far-name").first().waitFor();
      await person.shot("diagram-4-large");
    });

    it("finds tables by a column and steps through them", async () => {
      await page().locator("#search").fill("acct");
      await page().locator(".table.current").waitFor();
      await opened.page.keyboard.press("Enter");
      await page().locator("#found", { hasText: /^2 of \d+$/ }).waitFor();
      await person.shot("diagram-5-large-search");
    });
  });
});
