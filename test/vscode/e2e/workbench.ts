// What a person does in VS Code's window, for Playwright. Selectors as of VS Code 1.139. Nothing waits for a time: each
// waits for what should appear.
import * as fs from "node:fs";
import * as path from "node:path";
import type { Locator, Page } from "playwright-core";

interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Workbench {
  readonly page: Page;
  ready(): Promise<void>;
  /** Opens a file by name through Quick Open; `folder` tells apart files of one name. */
  openFile(name: string, folder?: string): Promise<void>;
  /** Runs a command of the palette. */
  command(title: string): Promise<void>;
  /** Opens the palette with that text in it. */
  palette(text: string): Promise<void>;
  /** Scrolls the active editor so that the line (from 1) is in the middle, the cursor at its `column` (from 1). */
  goTo(line: number, column?: number): Promise<void>;
  click(text: string, after?: string): Promise<void>;
  /** Rests the mouse on `text` until a hover with `expected` in it is shown; gives the hover. */
  hover(text: string, after: string, expected: RegExp): Promise<Locator>;
  /** Opens the light bulb's menu at the cursor and gives its row of that title. */
  lightBulb(title: string | RegExp): Promise<Locator>;
  /** Asks for the preview of the light bulb's action of that title, as Ctrl+Enter does, and gives the panel that shows it. */
  preview(title: string | RegExp): Promise<Locator>;
  squiggles(kind?: "error" | "warning" | "info" | "hint"): Locator;
  save(): Promise<void>;
  /** A picture of the whole window in out/shots. */
  shot(name: string): Promise<void>;
}

export function workbench(page: Page, shots: string): Workbench {
  fs.mkdirSync(shots, { recursive: true });
  const quickInput = page.locator(".quick-input-widget input").first();
  const rows = page.locator(".quick-input-list .monaco-list-row");

  /** Middle of `text` in the active editor, in page coordinates: its first occurrence at or below the first line that holds `after`. */
  async function placeOf(text: string, after?: string): Promise<Place> {
    const end = Date.now() + 10_000;
    for (;;) {
      const place = await page.evaluate<Place | undefined>(`placeOfText(${JSON.stringify(text)}, ${JSON.stringify(after)})`);
      if (place) return place;
      if (Date.now() > end) throw new Error(`"${text}" is not to be seen in the editor`);
      await page.waitForTimeout(100);
    }
  }

  /**
   * Opens the quick input and answers it, until that succeeds. VS Code forgets a key that comes while it is busy, and refuses
   * to go to a line before the editor holds its text: a person then presses Escape and asks again, and so does this.
   */
  async function askQuickInput(key: string, answer: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await page.keyboard.press(key);
      try {
        await quickInput.waitFor({ timeout: 5_000 });
        return await answer();
      } catch (error) {
        if (attempt === 8) throw error;
      }
      await page.keyboard.press("Escape");
    }
  }

  const gone = (timeout: number): Promise<void> => page.locator(".quick-input-widget").waitFor({ state: "hidden", timeout });

  async function choose(key: string, input: string, row: string): Promise<void> {
    const wanted = rows.filter({ hasText: row }).first();
    await askQuickInput(key, async () => {
      await quickInput.fill(input);
      await wanted.click({ timeout: 10_000 });
      await gone(30_000);
    });
  }

  async function lightBulb(title: string | RegExp): Promise<Locator> {
    const row = page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
    // VS Code answers with nothing while a provider registers: ask again.
    for (let attempt = 1; ; attempt++) {
      await page.keyboard.press("Control+.");
      try {
        await row.waitFor({ timeout: 4_000 });
        return row;
      } catch (error) {
        if (attempt === 10) throw error;
      }
      await page.keyboard.press("Escape");
    }
  }

  return {
    page,
    async ready() {
      await page.evaluate(fs.readFileSync(path.join(__dirname, "in-page.js"), "utf8"));
      await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
    },
    async openFile(name, folder) {
      await choose("Control+P", folder === undefined ? name : `${folder}/${name}`, name);
      await page.locator(".tab.active", { hasText: name }).waitFor();
    },
    palette: (text) => askQuickInput("F1", () => quickInput.fill(text)),
    async command(title) {
      await choose("F1", `>${title}`, title);
    },
    async goTo(line, column = 1) {
      await askQuickInput("Control+G", async () => {
        await quickInput.fill(`:${line}:${column}`);
        await page.keyboard.press("Enter");
        await gone(5_000);
      });
      await page.locator(".part.statusbar", { hasText: `Ln ${line}, Col ${column}` }).waitFor();
    },
    async click(text, after) {
      const { x, y } = await placeOf(text, after);
      await page.mouse.click(x, y);
    },
    async hover(text, after, expected) {
      const shown = page.locator(".monaco-hover:visible", { hasText: expected }).first();
      // The lines may move while code lenses arrive: look for the place again.
      for (let attempt = 1; ; attempt++) {
        const { x, y } = await placeOf(text, after);
        await page.mouse.move(x - 3, y);
        await page.mouse.move(x, y);
        if (await shown.waitFor({ timeout: 4_000 }).then(() => true, () => false)) return shown;
        if (attempt === 10) throw new Error(`no hover with ${String(expected)} over "${text}"`);
        await page.mouse.move(x, 5);
      }
    },
    lightBulb,
    async preview(title) {
      const panel = page.locator(".bulk-edit-panel");
      for (let attempt = 1; ; attempt++) {
        await lightBulb(title);
        const chosen = page.locator(".action-widget .monaco-list-row.focused", { hasText: title });
        for (let left = await page.locator(".action-widget .monaco-list-row").count(); (await chosen.count()) === 0; left--) {
          if (left === 0) throw new Error(`the keyboard does not come to ${String(title)}`);
          await page.keyboard.press("ArrowDown");
        }
        await page.keyboard.press("Control+Enter");
        if (await panel.locator(".monaco-list-row[aria-level='2']").first().waitFor({ timeout: 15_000 }).then(() => true, () => false)) return panel;
        if (attempt === 4) throw new Error(`no preview of ${String(title)}`);
      }
    },
    squiggles: (kind = "warning") => page.locator(`.editor-group-container.active .squiggly-${kind}`),
    async save() {
      const saved = page.locator(".tab.active:not(.dirty)");
      for (let attempt = 1; ; attempt++) {
        await page.keyboard.press("Control+S");
        if (await saved.waitFor({ timeout: 5_000 }).then(() => true, () => false)) return;
        if (attempt === 5) throw new Error("the file of the active tab is not saved");
      }
    },
    async shot(name) {
      await page.screenshot({ path: path.join(shots, `${name}.png`), animations: "disabled" });
    },
  };
}
