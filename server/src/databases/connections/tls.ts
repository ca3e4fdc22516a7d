// TLS as libpq has it: what each sslmode checks, and which files count. node-postgres reads sslmode=require as verify-full;
// here it encrypts and checks the authority only where a root certificate is at hand, as every other client does.
// https://www.postgresql.org/docs/current/libpq-ssl.html
import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import type { DatabaseError } from "../database";
import { accounted } from "./errors";
import type { ConnectionSettings, Environment, Host, SslMode } from "./settings";

/** The ways to try with one host, in libpq's order: `prefer` falls back to plain text, `allow` to TLS. */
export function encryptions(mode: SslMode, host: Host): readonly ("plain" | "tls")[] {
  if (isSocket(host)) return ["plain"];
  switch (mode) {
    case "disable": return ["plain"];
    case "allow": return ["plain", "tls"];
    case "prefer": return ["tls", "plain"];
    case "require": case "verify-ca": case "verify-full": return ["tls"];
  }
}

export function isSocket({ host, address }: Host): boolean {
  return address === undefined && (host.startsWith("/") || host.startsWith("@"));
}

/** Node's options for a handshake with `host`; throws a `DatabaseError` ("tls") where a file that is needed cannot be read. */
export function tlsOptions(settings: ConnectionSettings, host: Host, environment: Environment = process.env): ConnectionOptions {
  const { tls } = settings;
  const home = join(environment["HOME"] ?? homedir(), ".postgresql");
  const read = (file: string, what: string): Buffer => {
    try {
      return readFileSync(file.replace(/^~(?=\/)/, environment["HOME"] ?? homedir()));
    } catch (error) {
      throw unusable(settings, `the ${what} ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}).`, "Correct its path; relative ones count from the folder of the file that names them.");
    }
  };
  const existing = (name: string): string | undefined => (isFile(join(home, name)) ? join(home, name) : undefined);

  const rootFile = tls.rootCertificate === "system" ? undefined : (tls.rootCertificate ?? existing("root.crt"));
  // As libpq: with a root certificate at hand the authority is checked in every mode, so `require` is then `verify-ca`.
  const verifies = tls.mode === "verify-full" || tls.mode === "verify-ca" || rootFile !== undefined || tls.rootCertificateText !== undefined;
  const authorities = tls.rootCertificateText ?? (verifies && rootFile !== undefined ? read(rootFile, "root certificate") : undefined);
  // A public authority vouches for names alone: without a name to check, anybody with any certificate would pass.
  if (tls.mode === "verify-ca" && authorities === undefined) {
    throw unusable(settings, "sslmode=verify-ca needs the root certificate to check against, and none is named.", "Add sslrootcert=FILE, or use verify-full, which also takes the authorities that Node trusts.");
  }
  const certificate = tls.certificate ?? existing("postgresql.crt");
  const key = tls.key ?? existing("postgresql.key");
  const name = isIP(host.host) === 0 && host.host !== "" ? host.host : undefined;
  return {
    host: host.host,
    ...(name !== undefined && { servername: name }),
    rejectUnauthorized: verifies,
    ...(tls.mode !== "verify-full" && { checkServerIdentity: () => undefined }),
    ...(authorities !== undefined && { ca: authorities }),
    ...(certificate !== undefined && (tls.certificate !== undefined || key !== undefined) && { cert: read(certificate, "client certificate"), key: read(key ?? certificate, "client key") }),
    ...(tls.identity !== undefined && { pfx: read(tls.identity, "client identity (PKCS#12)") }),
    ...(tls.revocationList !== undefined && { crl: read(tls.revocationList, "revocation list") }),
    ...(tls.keyPassword !== undefined && { passphrase: tls.keyPassword.reveal() }),
    // The server checks that this is PostgreSQL where the handshake comes first.
    ...(tls.negotiation === "direct" && { ALPNProtocols: ["postgresql"] }),
  };
}

function unusable(settings: ConnectionSettings, happened: string, advice: string): DatabaseError {
  return accounted({ kind: "tls", happened, advice }, settings);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
