// The terminal at a person's hands: util-linux's `script` gives the process a terminal of its own, what is typed comes through
// a pipe, and what it shows is read as it is drawn.
import { spawn } from "node:child_process";
import { bundled } from "./plumbline";

export interface PseudoTerminal {
  /** Waits until `text` is shown behind what was waited for before; rejects with what was shown instead where the process ends without it. */
  shown(text: RegExp): Promise<void>;
  type(keys: string): void;
  /** The exit code, and all that was shown. */
  ended(): Promise<{ readonly code: number | null; readonly text: string }>;
}

export async function atTerminal(args: readonly string[], { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }): Promise<PseudoTerminal> {
  const quoted = [process.execPath, await bundled(), ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const { CI: _ci, ...environment } = process.env;
  const child = spawn("script", ["-qefc", `stty cols 120 rows 50; exec ${quoted}`, "/dev/null"], { cwd, env: { ...environment, NO_COLOR: "1", SHELL: "/bin/sh", TERM: "xterm", ...env }, stdio: ["pipe", "pipe", "inherit"] });
  let text = "", seen = 0;
  let look = (): void => undefined;
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code);
      look();
    });
  });
  // Without what moves the cursor and colours.
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text = (text + piece).replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, "");
    look();
  });
  return {
    type: (keys) => void child.stdin.write(keys),
    shown: (expected) => new Promise((resolve, reject) => {
      look = () => {
        const found = expected.exec(text.slice(seen));
        if (found) {
          seen += found.index + found[0].length;
          look = () => undefined;
          resolve();
        } else if (child.exitCode !== null) reject(new Error(`${String(expected)} was not shown:\n${text}`));
      };
      look();
    }),
    ended: async () => ({ code: await ended, text }),
  };
}
