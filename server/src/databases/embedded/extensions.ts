// Which extensions the embedded PostgreSQL has, and which of them a script needs: those that it creates, and those whose
// types, operator classes and functions Plumbline's own statements name without creating anything.
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Names of the extensions that are shipped in the folder `runtime`. */
export function shippedExtensions(runtime: string): ReadonlySet<string> {
  return new Set(readdirSync(join(runtime, "pglite", "extensions")).map((file) => file.replace(/\.tar\.gz$/, "")));
}

/** Those that the scripts create, by name, shipped or not. */
export function createdExtensions(script: string): readonly string[] {
  return [...new Set([...script.matchAll(/\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?("(?:""|[^"])+"|[\w-]+)/gi)].map(([, name]) => name!.replaceAll('"', "")))];
}

/**
 * The extensions whose words stand in statements made from a schema: its types, operator classes and functions.
 * By name alone: an index of another extension may come too many, which does no harm.
 */
export function mentionedExtensions(script: string): readonly string[] {
  return Object.entries(words).filter(([, pattern]) => pattern.test(script)).map(([name]) => name);
}

/** https://www.postgresql.org/docs/current/contrib.html, https://github.com/pgvector/pgvector, https://postgis.net */
const words: Readonly<Record<string, RegExp>> = {
  citext: /\bcitext\b/i,
  hstore: /\bhstore\b/i,
  ltree: /\b(ltree|lquery|ltxtquery)\b|\bgist_ltree_ops\b/i,
  cube: /\bcube\b/i,
  seg: /\bseg\b/i,
  isn: /\b(ean13|isbn13|ismn13|issn13|isbn|ismn|issn|upc)\b/i,
  pg_trgm: /\b(gin|gist)_trgm_ops\b|\b(word_)?similarity\s*\(/i,
  btree_gist: /\bgist_(int[248]|float[48]|text|varchar|bpchar|timestamp|timestamptz|date|time|uuid|inet|cidr|numeric|bool|enum)_ops\b/i,
  btree_gin: /\busing\s+gin\s*\([^)]*\b(int[248]|text|timestamptz?|date|uuid)_ops\b/i,
  intarray: /\bgin__int_ops\b|\bgist__int(big)?_ops\b/i,
  pgcrypto: /\b(gen_random_bytes|digest|hmac|crypt|gen_salt|pgp_sym_encrypt|pgp_sym_decrypt)\s*\(/i,
  "uuid-ossp": /\buuid_generate_v(1|1mc|3|4|5)\s*\(/i,
  unaccent: /\bunaccent\s*\(/i,
  fuzzystrmatch: /\b(levenshtein|soundex|metaphone|dmetaphone)\s*\(/i,
  vector: /\b(vector|halfvec|sparsevec)\b|\b(vector|halfvec|sparsevec|bit)_(l1|l2|ip|cosine|hamming|jaccard)_ops\b/i,
  postgis: /\b(geometry|geography)\b/i,
};
