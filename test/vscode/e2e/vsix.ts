// The VSIX that the end-to-end tests install: made once a run, from the sources as they are.
import { spawnSync } from "node:child_process";
import * as path from "node:path";

const root = path.join(__dirname, "../../..");
let made: string | undefined;

export function vsixFile(): string {
  if (made !== undefined) return made;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, "server/build/package.mjs")], { cwd: root, encoding: "utf8" });
  const file = /^(out\/\S+\.vsix): /m.exec(stdout)?.[1];
  if (status !== 0 || file === undefined) throw new Error(`npm run package failed\n${stdout}${stderr}`);
  return (made = path.join(root, file));
}
