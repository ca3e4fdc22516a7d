// `npm run screenshot`: makes the README's picture anew, client/media/squiggle.png: a real squiggle in the examples'
// Drizzle schema, with the light bulb's menu open.
import * as fs from "node:fs";
import * as path from "node:path";
import { openPage, serve } from "../host/served-vscode";
import { vsixFile } from "./vsix";
import { workbench } from "./workbench";

const root = path.join(__dirname, "../../..");
const orders = path.join(root, "examples/drizzle-shop/src/db/schema/orders.ts");
const target = path.join(root, "client/media/squiggle.png");

/** The editor alone, as large as it reads well in a page's column. */
const settings = {
  "editor.minimap.enabled": false,
  "editor.fontSize": 14,
  "editor.stickyScroll.enabled": false,
  "editor.occurrencesHighlight": "off",
  "editor.scrollbar.horizontal": "hidden",
  "editor.lightbulb.enabled": "on",
  "breadcrumbs.enabled": false,
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "window.commandCenter": false,
};

async function main(): Promise<void> {
  const served = await serve({ workspace: path.join(root, "examples"), install: [vsixFile()], builtins: ["typescript-basics", "sql"], settings });
  const opened = await openPage({ width: 1000, height: 600, scale: 2 });
  try {
    const person = workbench(opened.page, path.join(root, "out/shots"));
    await opened.page.goto(served.url(), { waitUntil: "commit" });
    await person.ready();
    await opened.page.locator(".part.sidebar").waitFor();
    await opened.page.keyboard.press("Control+B");
    await opened.page.locator(".part.sidebar").waitFor({ state: "hidden" });
    await person.openFile("orders.ts", "drizzle-shop");
    const text = fs.readFileSync(orders, "utf8");
    const key = text.indexOf(".references(() => customers.id)", text.indexOf('pgTable(\n  "orders"'));
    const line = text.slice(0, key).split("\n").length;
    await person.goTo(line + 3);
    await person.squiggles().first().waitFor({ timeout: 60_000 });
    await opened.page.locator(".codelens-decoration:visible").first().waitFor();
    await person.goTo(line, 10);
    await opened.page.locator('.monaco-editor [class*="codicon-gutter-lightbulb"], .monaco-editor .lightBulbWidget:visible').first().waitFor();
    await person.lightBulb("Add an index on orders.customer_id");
    await opened.page.mouse.move(990, 20);
    await opened.page.screenshot({ path: target, animations: "disabled" });
    console.log(path.relative(root, target));
  } finally {
    await opened.browser.close();
    await served.stop();
  }
}

void main();
