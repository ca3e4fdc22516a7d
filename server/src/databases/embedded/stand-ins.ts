// What Supabase and Neon give every database before any migration: functions, tables and roles that policies and keys
// speak of. Throw-away databases get stand-ins for those that scripts name and do not make. They belong to an extension,
// so that no reading of the database takes them for the project's own.
// https://supabase.com/docs/guides/database/postgres/row-level-security, https://neon.com/docs/guides/row-level-security
import { listed } from "../../model/words";

interface StandIn {
  readonly schema: string;
  readonly name: string;
  /** As ALTER EXTENSION … ADD takes it. */
  readonly member: string;
  readonly sql: string;
}

function callable(schema: string, name: string, parameters: string, returns: string): StandIn {
  const member = `function ${schema}.${name}(${parameters})`;
  return { schema, name, member, sql: `create function ${schema}.${name}(${parameters}) returns ${returns} language sql stable as 'select null::${returns}'` };
}

function table(schema: string, name: string, columns: string): StandIn {
  return { schema, name, member: `table ${schema}.${name}`, sql: `create table ${schema}.${name} (${columns})` };
}

const at = "timestamp with time zone";

const known: readonly StandIn[] = [
  callable("auth", "uid", "", "uuid"), callable("auth", "role", "", "text"), callable("auth", "email", "", "text"), callable("auth", "jwt", "", "jsonb"), callable("auth", "user_id", "", "text"), callable("auth", "session", "", "jsonb"),
  table("auth", "users", `id uuid primary key, aud varchar(255), role varchar(255), email varchar(255), phone text unique, encrypted_password varchar(255), email_confirmed_at ${at}, phone_confirmed_at ${at}, confirmed_at ${at}, last_sign_in_at ${at}, raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean, is_anonymous boolean, banned_until ${at}, created_at ${at}, updated_at ${at}, deleted_at ${at}`),
  table("storage", "buckets", `id text primary key, name text not null unique, owner uuid, owner_id text, public boolean default false, avif_autodetection boolean default false, file_size_limit bigint, allowed_mime_types text[], created_at ${at} default now(), updated_at ${at} default now()`),
  table("storage", "objects", `id uuid primary key default gen_random_uuid(), bucket_id text, name text, owner uuid, owner_id text, metadata jsonb, user_metadata jsonb, version text, path_tokens text[] generated always as (string_to_array(name, '/')) stored, created_at ${at} default now(), updated_at ${at} default now(), last_accessed_at ${at} default now()`),
  callable("storage", "foldername", "name text", "text[]"), callable("storage", "filename", "name text", "text"), callable("storage", "extension", "name text", "text"),
  callable("realtime", "topic", "", "text"),
  table("realtime", "messages", `id uuid primary key default gen_random_uuid(), topic text not null, extension text not null, payload jsonb, event text, private boolean default false, inserted_at timestamp default now(), updated_at timestamp default now()`),
  table("neon_auth", "users_sync", `id text primary key, raw_json jsonb not null, name text, email text, created_at ${at}, updated_at ${at}, deleted_at ${at}`),
];

const roles = ["anon", "authenticated", "anonymous", "service_role", "authenticator", "supabase_auth_admin", "supabase_storage_admin", "supabase_admin", "dashboard_user", "neon_superuser"];

/** Statements that make what the scripts need of it, none of which fails; and its names, as people read them ("auth.uid()"). */
export interface StandIns {
  readonly statements: readonly string[];
  readonly names: readonly string[];
}

/** Empty where the scripts name nothing of it, or make it themselves. */
export function standInsFor(scripts: readonly string[]): StandIns {
  const text = scripts.join("\n;\n");
  const made = (schema: string): boolean => new RegExp(`\\bcreate\\s+schema\\s+"?${schema}\\b`, "i").test(text);
  const found = known.filter(({ schema, name, member }) => {
    const call = member.startsWith("function") ? "\\s*\\(" : "";
    const path = `"?${schema}"?\\s*\\.\\s*"?${name}\\b"?${call}`;
    return new RegExp(`(?<![\\w.])${path}`, "i").test(text) && !new RegExp(`\\bcreate\\s+(?:or\\s+replace\\s+)?(?:table|view|function)\\s+(?:if\\s+not\\s+exists\\s+)?${path}`, "i").test(text);
  }).filter(({ schema }) => !made(schema));
  const schemas = [...new Set(found.map(({ schema }) => schema))];
  return {
    statements: [
      ...schemas.flatMap((schema) => [attempt(`create schema ${schema}`), attempt(`alter extension plpgsql add schema ${schema}`)]),
      ...found.flatMap(({ sql, member }) => [attempt(sql), attempt(`alter extension plpgsql add ${member}`)]),
    ],
    names: found.map(({ schema, name, member }) => `${schema}.${name}${member.startsWith("function") ? "()" : ""}`),
  };
}

/** Statements that make the providers' roles that the scripts give rights to and do not make. */
export function standInRoles(scripts: readonly string[]): readonly string[] {
  const text = scripts.join("\n;\n");
  if (!/\b(?:grant|revoke|owner|policy)\b/i.test(text)) return [];
  return roles.filter((role) => new RegExp(`\\b${role}\\b`).test(text) && !new RegExp(`\\bcreate\\s+(?:role|user)\\s+"?${role}\\b`, "i").test(text)).map((role) => attempt(`create role ${role}`));
}

/** A sentence on what was not the provider's own; undefined where there is none. */
export function standInNote(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  return `${listed(names)}, which the provider gives, ${names.length === 1 ? "was an empty stand-in" : "were empty stand-ins"} on the embedded database.`;
}

function attempt(statement: string): string {
  return `do $stand_in$ begin ${statement}; exception when others then null; end $stand_in$`;
}
