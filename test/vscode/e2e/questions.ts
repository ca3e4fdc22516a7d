// What Plumbline asks of a person through VS Code's window, and the answers. VS Code forgets a press that comes while it is
// busy, so each is pressed again until what it leads to is there.
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { Workbench } from "./workbench";

export interface Questions {
  /** Runs a command of the palette, up to its first question if it has one. */
  run(title: string): Promise<void>;
  /** The quick pick's rows. */
  row(text: string | RegExp): Locator;
  choose(text: string | RegExp): Promise<void>;
  /** Runs a command and answers its questions, at most three times, until `shown` is there: a list closes when the window's focus goes elsewhere. */
  runUntil(shown: Locator, title: string, answer: () => Promise<void>): Promise<void>;
  /** Takes what is ticked of the quick pick that has such a row. */
  takeTicked(text: string | RegExp): Promise<void>;
  /** Types into the quick input; what `next` tells by is there afterwards, by default: the question is gone, or another one. */
  answer(text: string, next?: Locator): Promise<void>;
  /** Types a file's path into VS Code's own file dialog, which goes when it has taken it: meanwhile it completes what is typed. */
  file(path: string): Promise<void>;
  readonly input: Locator;
  readonly dialog: Locator;
  /** Presses a button of the dialog in which `question` is asked; `look` comes before. */
  confirm(question: string | RegExp, button: string | RegExp, look?: () => Promise<void>): Promise<void>;
  toast(text: RegExp): Locator;
  /** A button that is shown while the mouse rests on the row. */
  inline(row: Locator, button: string): Promise<void>;
  /** The light bulb's action of that title. */
  act(title: string | RegExp, look?: () => Promise<void>): Promise<void>;
  /** A heading in one of the pages (Markdown previews) that are shown, with all of its page. */
  page(heading: string | RegExp): Promise<Locator>;
}

/** Acts, again and again, until `holds`: at most ten times, four seconds each. */
export async function until(what: string, holds: () => Promise<boolean>, act: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    await act();
    for (const end = Date.now() + 4_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) if (await holds()) return;
  }
  assert.fail(what);
}

export function questions(person: Workbench): Questions {
  const { page } = person;
  const input = page.locator(".quick-input-widget input:visible").first();
  const rows = page.locator(".quick-input-list .monaco-list-row:visible");
  const dialog = page.locator(".monaco-dialog-box");
  /** Does not fail where there is none. */
  const pressed = (one: Locator): Promise<unknown> => one.click({ timeout: 3_000 }).catch(() => undefined);
  const isGone = async (one: Locator): Promise<boolean> => (await one.count()) === 0;
  const typed = async (): Promise<string | undefined> => ((await input.count()) === 0 ? undefined : input.inputValue({ timeout: 1_000 }).catch(() => undefined));
  const row = (text: string | RegExp): Locator => rows.filter({ hasText: text }).first();
  async function choose(text: string | RegExp): Promise<void> {
    const one = row(text);
    await one.waitFor();
    await until(`${String(text)} is chosen`, () => isGone(one), () => pressed(one));
  }

  async function run(title: string): Promise<void> {
    await until(`${title} runs`, async () => (await typed())?.startsWith(">") !== true, async () => {
      if ((await typed()) !== `>${title}`) await person.palette(`>${title}`);
      await pressed(row(title));
    });
  }

  return {
    input, dialog, row, choose, run,
    async runUntil(shown, title, answer) {
      for (let attempt = 1; ; attempt++) {
        await run(title);
        await answer();
        if (await shown.waitFor({ timeout: 20_000 }).then(() => true, () => false)) return;
        assert.ok(attempt < 3, `${title} leads to ${String(shown)}`);
      }
    },
    async takeTicked(text) {
      const one = row(text);
      await one.waitFor();
      await until("what is ticked is taken", () => isGone(one), () => page.keyboard.press("Enter"));
    },
    async answer(text, next) {
      await input.waitFor();
      await until(`${text} is taken`, async () => (next ? next.isVisible() : (await typed()) !== text), async () => {
        if ((await typed()) !== text) await input.fill(text);
        await page.keyboard.press("Enter");
      });
    },
    async file(path) {
      await input.waitFor();
      await until(`${path} is taken`, async () => (await typed()) === undefined, async () => {
        if ((await typed()) !== path) await input.fill(path, { timeout: 3_000 }).catch(() => undefined);
        if ((await typed()) === path) await page.keyboard.press("Enter");
      });
    },
    async confirm(question, button, look) {
      const asked = dialog.getByText(question).first();
      await asked.waitFor();
      await look?.();
      await until(`${String(button)} is pressed`, () => isGone(asked), () => pressed(dialog.getByRole("button", { name: button })));
    },
    toast: (text) => page.locator(".notification-toast", { hasText: text }).first(),
    async inline(one, button) {
      const shown = one.getByRole("button", { name: button });
      let done = false;
      // The view may be drawn anew while the mouse is on its way.
      await until(`${button} is pressed`, () => Promise.resolve(done), async () => {
        await one.hover({ timeout: 3_000 }).catch(() => undefined);
        done = await shown.click({ timeout: 3_000 }).then(() => true, () => false);
      });
    },
    async act(title, look) {
      const action = await person.lightBulb(title);
      await look?.();
      await until(`${String(title)} is chosen`, () => isGone(page.locator(".action-widget:visible")), () => pressed(action));
    },
    async page(heading) {
      let found: Locator | undefined;
      await until(`a page headed ${String(heading)} is shown`, async () => {
        for (const frame of page.frames()) {
          // A frame may go while it is asked.
          if (await frame.getByRole("heading", { level: 1, name: heading }).isVisible().catch(() => false)) found = frame.locator("body");
        }
        return found !== undefined;
      }, () => Promise.resolve());
      return found!;
    },
  };
}
