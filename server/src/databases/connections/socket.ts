// A socket to a server, with TLS on it where that is wanted: the part of a connection before PostgreSQL's own messages.
// Done here and not by the driver, so that a server without TLS costs no second connection and every mistake has a name.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
import { existsSync } from "node:fs";
import { connect as connectSocket, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { accounted } from "./errors";
import type { ConnectionSettings, Host } from "./settings";
import { isSocket, tlsOptions } from "./tls";

export interface Opened {
  readonly socket: Socket;
  readonly encrypted: boolean;
}

/** Length 8, code 1234,5679. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Opens a socket. `way` "tls" asks the server for TLS first; a server that has none goes on in plain text with
 * sslmode=prefer, and is a `DatabaseError` ("tls") otherwise. Rejects with Node's error for the network, with the
 * signal's reason once that is aborted.
 */
export async function openSocket(settings: ConnectionSettings, host: Host, way: "plain" | "tls", signal: AbortSignal): Promise<Opened> {
  const target = settled(host);
  const options = way === "tls" && !isSocket(target) ? tlsOptions(settings, host) : undefined;
  const socket = isSocket(target) ? connectSocket(socketPath(target)) : connectSocket({ host: target.address ?? target.host, port: target.port });
  const abort = (): void => void socket.destroy(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await event(socket, "connect");
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    if (options === undefined) return { socket, encrypted: false };
    if (settings.tls.negotiation === "postgres" && !(await agreesToTls(socket, settings))) return { socket, encrypted: false };
    const secured = connectTls({ ...options, socket });
    await event(secured, "secureConnect");
    return { socket: secured, encrypted: true };
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** True for "S", false for "N" where plain text will do. */
async function agreesToTls(socket: Socket, settings: ConnectionSettings): Promise<boolean> {
  socket.write(sslRequest);
  const answer = await event(socket, "data") as Buffer;
  const said = String.fromCharCode(answer[0]!);
  // More bytes than the one were sent before TLS could protect them: https://www.postgresql.org/support/security/CVE-2021-23222/
  if (said === "S" && answer.length === 1) return true;
  if (said === "N" && answer.length === 1) {
    if (settings.tls.mode === "prefer") return false;
    throw accounted({ kind: "tls", happened: "the server has TLS turned off.", advice: `Turn it on (ssl = on), or use sslmode=prefer or disable where the network is your own (now: ${settings.tls.mode}).` }, settings);
  }
  throw accounted({ kind: "tls", happened: "what answers at that port speaks no PostgreSQL.", advice: "Check host and port." }, settings);
}

/** The first event of that name; rejects with the socket's error, or where it is closed before. */
function event(socket: Socket, name: "connect" | "secureConnect" | "data"): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      socket.removeListener(name, came);
      socket.removeListener("error", failed);
      socket.removeListener("close", closed);
      settle();
    };
    const came = (value: unknown): void => done(() => resolve(value));
    const failed = (error: Error): void => done(() => reject(error));
    const closed = (): void => failed(Object.assign(new Error("the server closed the connection"), { code: "ECONNRESET" }));
    socket.on(name, came);
    socket.on("error", failed);
    socket.on("close", closed);
  });
}

/** No host: the socket that a server of this machine has (Debian's folder, then PostgreSQL's own), else localhost. */
export function settled(host: Host): Host {
  if (host.host !== "" || host.address !== undefined) return host;
  const folder = process.platform === "win32" ? undefined : ["/var/run/postgresql", "/tmp"].find((one) => existsSync(`${one}/.s.PGSQL.${host.port}`));
  return { ...host, host: folder ?? "localhost" };
}

function socketPath({ host, port }: Host): string {
  return `${host.startsWith("@") ? `\0${host.slice(1)}` : host}/.s.PGSQL.${port}`;
}
