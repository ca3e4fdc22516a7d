// PgBouncer in front of a test's server.
import { spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unprivilegedOwner, type Postgres } from "../oracles/postgres";

export interface PgBouncer {
  readonly folder: string;
  stop(): Promise<void>;
}

/** PgBouncer before the server's socket; its own is in `folder`, at port 6432. */
export async function startPgBouncer(postgres: Postgres, mode: "transaction" | "session"): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-pgbouncer-"));
  const owner = unprivilegedOwner();
  writeFileSync(join(folder, "pgbouncer.ini"), [
    "[databases]", `* = host=${postgres.connection.host}`,
    "[pgbouncer]", `unix_socket_dir = ${folder}`, "listen_addr =", "listen_port = 6432", "auth_type = any", `pool_mode = ${mode}`, "default_pool_size = 5", "",
  ].join("\n").replace("* = host", "* = user=postgres host"));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const binary = existsSync("/usr/sbin/pgbouncer") ? "/usr/sbin/pgbouncer" : "pgbouncer";
  const server: ChildProcess = spawn(binary, [join(folder, "pgbouncer.ini")], { ...owner, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr!.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  process.once("exit", () => server.kill("SIGKILL"));
  for (let attempt = 0; !existsSync(join(folder, ".s.PGSQL.6432")); attempt++) {
    if (attempt > 2400 || server.exitCode !== null) throw new Error(`PgBouncer did not start:\n${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    folder,
    async stop() {
      server.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
