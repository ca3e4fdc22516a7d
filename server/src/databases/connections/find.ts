// Which databases a workspace has: from its settings, drizzle.config.*, Prisma's files and DATABASE_URL. Found by reading;
// nothing is executed and nothing is connected to.
import type { ConfiguredConnection } from "../../configured-connections";
import { relativePath } from "../../config";
import type { DialectName } from "../../model/schema";
import { didYouMean } from "../../nearest";
import { readCredentials, type Credential, type DrizzleCredentials } from "../../sources/drizzle/credentials";
import { readDatasources, type Address, type Datasource } from "../../sources/prisma/datasource";
import type { Files } from "../../sources/source";
import { DatabaseError } from "../database";
import { expanded, projectEnvironment, type ProjectEnvironment } from "./environment-files";
import { redact } from "./redact";
import { settingsFromParameters, settingsFromUrl, variableNames, type ConnectionSettings, type Environment, type Origin } from "./settings";

export interface ConnectionSources {
  readonly files: Files;
  /** The process's. */
  readonly environment: Environment;
  /** The setting `connections`. */
  readonly connections: Readonly<Record<string, ConfiguredConnection>>;
  /** Absolute path of the config file that they stand in; undefined: the editor's settings. */
  readonly configFile?: string;
  /** An untrusted workspace's configs and .env files are not followed: they could send secrets anywhere. */
  readonly trusted: boolean;
}

export interface FoundConnection {
  /** For `--database`: the setting's name, else the path of the file that names the database, relative to the root, or "DATABASE_URL". */
  readonly name: string;
  /** Names under which the same database was found again. */
  readonly aliases: readonly string[];
  readonly origin: Origin;
  readonly production: boolean;
  readonly state:
    | { readonly kind: "ready"; readonly settings: ConnectionSettings }
    /** `reason`: a sentence without secrets. */
    | { readonly kind: "unusable"; readonly reason: string };
}

/** All connections: those of the settings first, then Drizzle's, Prisma's and DATABASE_URL; one database once. */
export function findConnections(sources: ConnectionSources): readonly FoundConnection[] {
  return merged(allConnections(sources));
}

/** The project's files (absolute paths) by the database that they name, as numbers: 0 is that of `settings`. A file whose address is not known is not there. */
export function filesByDatabase(settings: ConnectionSettings, sources: ConnectionSources): ReadonlyMap<string, number> {
  const known = [settings];
  const files = new Map<string, number>();
  for (const { origin, state } of allConnections(sources)) {
    if (origin.file === undefined || state.kind !== "ready") continue;
    const at = known.findIndex((one) => leadsToSame(one, state.settings));
    files.set(origin.file, at < 0 ? known.push(state.settings) - 1 : at);
  }
  return files;
}

/** As often as it is named. */
function allConnections(sources: ConnectionSources): readonly FoundConnection[] {
  if (!sources.trusted) return Object.keys(sources.connections).map((name) => unusable(name, originOfSetting(sources), `The workspace is not trusted, so the connection "${name}" is not used. Trust the workspace first.`));
  const environments = new Map<string, ProjectEnvironment>();
  const near = (file: string): ProjectEnvironment => {
    let one = environments.get(file);
    if (!one) environments.set(file, (one = environmentNear(file, sources)));
    return one;
  };
  return [
    ...Object.entries(sources.connections).map(([name, configured]) => fromSetting(name, configured, sources, near)),
    ...readCredentials(sources.files, (config) => (name) => near(config).variable(name)?.value).map((one) => fromDrizzle(one, sources, near(one.config))),
    ...readDatasources(sources.files).map((one) => fromPrisma(one, sources, near(one.file))),
    ...fromVariable("DATABASE_URL", sources),
  ];
}

/**
 * The connection that `--database` names: a URL or keyword string, a name of `findConnections`, or an environment variable.
 * undefined: the only one that is ready, or the first that is not production's. Throws a `DatabaseError` that lists the names.
 */
export function chooseConnection(argument: string | undefined, sources: ConnectionSources): ConnectionSettings {
  if (argument !== undefined && /^[A-Za-z][A-Za-z0-9+.-]*:\/\/|^\s*[a-z_]+\s*=/.test(argument)) return connectionOfUrl(argument, sources, { origin: { description: "--database" } });
  const found = findConnections(sources);
  const names = found.flatMap(({ name, aliases }) => [name, ...aliases]);
  if (argument === undefined) {
    const ready = found.filter(({ state }) => state.kind === "ready");
    const chosen = ready.find(({ production }) => !production) ?? ready[0] ?? found[0];
    if (!chosen) throw new DatabaseError(`No database is configured under ${sources.files.root}. Name one with --database URL, set DATABASE_URL, or use --database embedded, which needs none.`, "failed");
    return settingsOf(chosen);
  }
  const chosen = found.find(({ name, aliases }) => name === argument || aliases.includes(argument)) ?? (sources.trusted ? fromVariable(argument, sources)[0] : undefined);
  if (chosen) return guarded(settingsOf(chosen), sources);
  const safe = redact(argument);
  throw new DatabaseError(`There is no connection "${safe}"${didYouMean(safe, names) || "."} ${names.length > 0 ? `The connections here: ${names.join(", ")}, embedded.` : "None is configured here; embedded needs nothing."}`, "failed");
}

/** By its URL or keyword string. A database that a connection of the settings marks as production has that one's name: no address is a way round it. */
export function connectionOfUrl(url: string, sources: ConnectionSources, { folder, origin }: { readonly folder?: string; readonly origin: Origin }): ConnectionSettings {
  return guarded(settingsFromUrl(url, undefined, { environment: sources.environment, origin, ...(folder !== undefined && { folder }) }), sources);
}

function guarded(settings: ConnectionSettings, sources: ConnectionSources): ConnectionSettings {
  if (settings.production || !sources.trusted) return settings;
  const marked = Object.entries(sources.connections).filter(([, { production }]) => production).map(([name, configured]) => fromSetting(name, configured, sources, (file) => environmentNear(file, sources)));
  const same = marked.find(({ state }) => state.kind === "ready" && leadsToSame(state.settings, settings));
  return same ? { ...settings, name: same.name, production: true } : settings;
}

function settingsOf({ state }: FoundConnection): ConnectionSettings {
  if (state.kind === "ready") return state.settings;
  throw new DatabaseError(state.reason, "failed");
}

function environmentNear(file: string, { files, environment }: ConnectionSources): ProjectEnvironment {
  return projectEnvironment(files, folderOf(file), environment, /\.[cm]?[jt]s$/.test(file) ? files.read(file) : "");
}

type Near = (file: string) => ProjectEnvironment;

function fromSetting(name: string, configured: ConfiguredConnection, sources: ConnectionSources, near: Near): FoundConnection {
  const origin = originOfSetting(sources);
  const environment = near(sources.configFile ?? `${sources.files.root}/.`);
  const production = configured.production ?? false;
  const address = (text: string): Address => (text.includes("://") || text.includes("=") ? { kind: "text", text } : { kind: "variable", name: text });
  const main: Address = configured.environment !== undefined ? { kind: "variable", name: configured.environment } : { kind: "text", text: configured.url ?? "" };
  return fromAddresses({ name, origin, production, main, direct: configured.direct === undefined ? undefined : address(configured.direct), environment, sources });
}

function originOfSetting({ configFile, files }: ConnectionSources): Origin {
  return configFile === undefined ? { description: "the settings" } : { file: configFile, description: relativePath(configFile, files.root) };
}

/** drizzle.config.*: a URL, or its parts one by one. */
function fromDrizzle(given: DrizzleCredentials, sources: ConnectionSources, environment: ProjectEnvironment): FoundConnection {
  const { config, dialect, driver, credentials, tls } = given;
  const name = relativePath(config, sources.files.root);
  const origin: Origin = { file: config, description: name };
  const other = otherDialect(name, dialect) ?? (driver === "pglite" || driver === "aws-data-api" ? `${name} uses the driver "${driver}", which is reached by no address that Plumbline could connect to. Use --database embedded, or name the database with --database URL.` : undefined);
  if (other !== undefined) return unusable(name, origin, other);
  const url = credentials.get("url");
  if (url) return fromAddresses({ name, origin, production: looksLikeProduction(name), main: asAddress(url), environment, sources, tls });
  const parameters = new Map(tls);
  for (const [property, parameter] of [["host", "host"], ["port", "port"], ["user", "user"], ["password", "password"], ["database", "dbname"]] as const) {
    const value = credentials.get(property);
    if (value?.kind === "text" && value.text !== "") parameters.set(parameter, value.text);
    // A password may come from elsewhere, or be typed.
    else if (value !== undefined && value.kind !== "text" && property !== "password" && property !== "port") return unusable(name, origin, `The ${property} in ${name} is not known: ${reasonOf(value)}`);
  }
  if (!parameters.has("host") && !parameters.has("dbname")) return unusable(name, origin, `The dbCredentials of ${name} name neither a url nor a host and a database.`);
  return candidate(name, origin, looksLikeProduction(name), () => settingsFromParameters(parameters, name, contextOf(origin, looksLikeProduction(name), environment, sources)));
}

function fromPrisma({ file, provider, url, directUrl }: Datasource, sources: ConnectionSources, environment: ProjectEnvironment): FoundConnection {
  const name = relativePath(file, sources.files.root);
  const origin: Origin = { file, description: name };
  const other = provider === undefined || provider === "postgresql" || provider === "postgres" || provider === "cockroachdb" ? undefined : otherDialect(name, provider);
  if (other !== undefined) return unusable(name, origin, other);
  return fromAddresses({ name, origin, production: false, main: url ?? directUrl!, direct: url && directUrl, environment, sources });
}

/** The variable in the process's environment or the .env files of the root; none where it is not set. */
function fromVariable(variable: string, sources: ConnectionSources): readonly FoundConnection[] {
  const environment = projectEnvironment(sources.files, sources.files.root, sources.environment);
  if (!/^[A-Za-z_]\w*$/.test(variable) || environment.variable(variable) === undefined) return [];
  return [fromAddresses({ name: variable, origin: { description: "the environment" }, production: false, main: { kind: "variable", name: variable }, environment, sources })];
}

interface Addresses {
  readonly name: string;
  readonly origin: Origin;
  readonly production: boolean;
  readonly main: Address;
  readonly direct?: Address;
  readonly environment: ProjectEnvironment;
  readonly sources: ConnectionSources;
  /** Beside the URL; what the URL says wins. */
  readonly tls?: ReadonlyMap<string, string>;
}

function fromAddresses({ name, origin, production, main, direct, environment, sources, tls }: Addresses): FoundConnection {
  const open = (address: Address): ConnectionSettings => {
    const { text, from } = textOf(address, origin, environment, sources);
    const risky = production || looksLikeProduction(from.description) || (address.kind === "variable" && looksLikeProduction(address.name));
    return settingsFromUrl(text, name, { ...contextOf(from, risky, environment, sources), ...(tls && { parameters: tls }) });
  };
  return candidate(name, origin, production, () => {
    const settings = open(main);
    const beside = direct ? open(direct) : settings.transactionPooler && main.kind === "variable" ? directBeside(main.name, settings, environment, open) : undefined;
    return beside ? { ...settings, direct: { ...beside, transactionPooler: false } } : settings;
  });
}

/** Providers put the direct address into a second variable: Neon and Vercel, Supabase, Prisma's guides. */
function directBeside(variable: string, settings: ConnectionSettings, environment: ProjectEnvironment, open: (address: Address) => ConnectionSettings): ConnectionSettings | undefined {
  for (const name of [`${variable}_UNPOOLED`, `${variable}_NON_POOLING`, `DIRECT_${variable}`, "DIRECT_URL", "DIRECT_DATABASE_URL", "DATABASE_URL_UNPOOLED", "POSTGRES_URL_NON_POOLING"]) {
    if (environment.variable(name) === undefined) continue;
    try {
      const beside = open({ kind: "variable", name });
      if (!beside.transactionPooler && beside.database === settings.database) return beside;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
  }
  return undefined;
}

/** The text of an address, and where it really comes from. Throws a `DatabaseError` where it is not known. */
function textOf(address: Address, origin: Origin, environment: ProjectEnvironment, sources: ConnectionSources): { readonly text: string; readonly from: Origin } {
  /** The reason first: a list shows the beginning of a sentence. */
  const fail = (reason: string, advice = ""): never => {
    throw new DatabaseError(`${reason}, so the database of ${origin.description} is not known.${advice}`, "failed");
  };
  if (address.kind === "unreadable") return fail("Its address is computed in a way that only running it would tell", " Name the database with --database, or under \"connections\" in the settings.");
  let text: string;
  let from = origin;
  if (address.kind === "text") text = expanded(address.text, (name) => environment.variable(name)?.value);
  else {
    const variable = environment.variable(address.name);
    text = variable?.value ?? address.otherwise ?? fail(`The variable ${address.name} is not set, neither in the environment nor in a .env file beside or above`);
    const where = variable?.file === undefined ? address.name : `${address.name} from ${relativePath(variable.file, sources.files.root)}`;
    from = { ...origin, description: origin.description === "the environment" ? (variable?.file === undefined ? `the environment variable ${address.name}` : where) : `${origin.description}, ${where}` };
  }
  const missing = /\$\{([A-Za-z_]\w*)\}/.exec(text)?.[1];
  if (missing !== undefined) fail(`The variable ${missing}, which its address mentions, is not set`);
  return { text, from };
}

function contextOf(origin: Origin, production: boolean, environment: ProjectEnvironment, sources: ConnectionSources) {
  const variables: Environment = Object.fromEntries(variableNames.map((name) => [name, environment.variable(name)?.value]));
  return { environment: variables, folder: origin.file === undefined ? sources.files.root : folderOf(origin.file), production, origin };
}

function candidate(name: string, origin: Origin, production: boolean, open: () => ConnectionSettings): FoundConnection {
  try {
    const settings = open();
    return { name, aliases: [], origin: settings.origin, production: settings.production, state: { kind: "ready", settings } };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { ...unusable(name, origin, error.message), production };
  }
}

function unusable(name: string, origin: Origin, reason: string): FoundConnection {
  return { name, aliases: [], origin, production: false, state: { kind: "unusable", reason } };
}

function otherDialect(name: string, dialect: DialectName | string | undefined): string | undefined {
  return dialect === undefined || dialect === "postgresql" || dialect === "cockroachdb" ? undefined : `The database of ${name} is ${titles[dialect] ?? dialect}; Plumbline connects to PostgreSQL alone.`;
}

const titles: Readonly<Record<string, string>> = { mysql: "MySQL", sqlite: "SQLite", sqlserver: "SQL Server", mongodb: "MongoDB" };

function asAddress(credential: Credential): Address {
  return credential.kind === "unreadable" ? { kind: "unreadable" } : credential;
}

function reasonOf(credential: Credential): string {
  return credential.kind === "variable" ? `the environment variable ${credential.name} is not set.` : credential.kind === "unreadable" ? `${credential.reason}.` : "";
}

/** .env.production, DATABASE_URL_PROD, drizzle.prod.config.ts: better a name typed once too often. */
function looksLikeProduction(name: string): boolean {
  return /(^|[^a-z])(prod|production|live)([^a-z]|$)/i.test(name);
}

/** The same database found again is the first one's alias. Whether production's is the case, any of them may say. */
function merged(found: readonly FoundConnection[]): readonly FoundConnection[] {
  const result: FoundConnection[] = [];
  for (const one of found) {
    const at = result.findIndex((known) => sameDatabase(known, one));
    const known = result[at];
    if (!known || known.state.kind !== "ready" || one.state.kind !== "ready") result.push(one);
    else {
      const settings = known.state.settings;
      const direct = settings.direct ?? one.state.settings.direct;
      const production = known.production || one.production;
      const aliases = one.name === known.name || known.aliases.includes(one.name) ? known.aliases : [...known.aliases, one.name];
      result[at] = { ...known, aliases, production, state: { kind: "ready", settings: { ...settings, ...(direct && { direct }), production } } };
    }
  }
  const marked = result.flatMap(({ production, state }) => (production && state.kind === "ready" ? [state.settings] : []));
  return result.map((one) => {
    if (one.production || one.state.kind !== "ready") return one;
    const { settings } = one.state;
    return marked.some((other) => leadsToSame(other, settings)) ? { ...one, production: true, state: { kind: "ready", settings: { ...settings, production: true } } } : one;
  });
}

/** Whoever logs in, and whether directly or through a pooler whose direct address is known. */
function leadsToSame(one: ConnectionSettings, other: ConnectionSettings): boolean {
  const places = ({ hosts, database }: ConnectionSettings): readonly string[] => hosts.map(({ host, address, port }) => JSON.stringify([/^(localhost|127\.0\.0\.1|::1)$/.test(address ?? host) ? "localhost" : (address ?? host).toLowerCase(), port, database]));
  const all = ({ direct, ...main }: ConnectionSettings): readonly string[] => [...places(main), ...(direct ? places(direct) : [])];
  const known = new Set(all(one));
  return all(other).some((place) => known.has(place));
}

function sameDatabase({ state: one }: FoundConnection, { state: other }: FoundConnection): boolean {
  if (one.kind !== "ready" || other.kind !== "ready") return false;
  const key = ({ hosts, database, user, schema }: ConnectionSettings): string => JSON.stringify([hosts.map(({ host, port }) => [host, port]), database, user, schema ?? "public"]);
  const { password } = one.settings;
  return key(one.settings) === key(other.settings) && (password === undefined || other.settings.password === undefined || password.equals(other.settings.password));
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf("/"), 1));
}
