// Runs inside the extension host: VS Code loads this module (extensionTestsPath) and calls run(). What Mocha prints
// goes to a file, because a console in the extension host is a log with lines of others.
import * as fs from "node:fs";
import * as path from "node:path";
import { format } from "node:util";
import Mocha from "mocha";

/** PLUMBLINE_SUITE: the folder of the tests; PLUMBLINE_LOG, PLUMBLINE_COUNTS: files that the run leaves. */
export async function run(): Promise<void> {
  const folder = process.env["PLUMBLINE_SUITE"]!;
  const log = process.env["PLUMBLINE_LOG"]!;
  (Mocha.reporters.Base as unknown as { consoleLog: (...values: unknown[]) => void }).consoleLog = (...values) => fs.appendFileSync(log, `${format(...values)}\n`);
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 60_000, ...(process.env["PLUMBLINE_GREP"] && { grep: process.env["PLUMBLINE_GREP"] }) });
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".test.js")).sort()) mocha.addFile(path.join(folder, file));
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const failed: { title: string; error: string }[] = [];
    runner.on("fail", (test, error: Error) => failed.push({ title: test.fullTitle(), error: error.stack ?? String(error) }));
    runner.once("end", () => {
      const { passes, failures, pending } = runner.stats!;
      fs.writeFileSync(process.env["PLUMBLINE_COUNTS"]!, JSON.stringify({ passes, failures, pending, failed }));
    });
  });
  if (failures > 0) throw new Error(`${failures} failed`);
}
