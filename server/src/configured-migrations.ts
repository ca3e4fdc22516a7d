// The setting `migrations`: where the migration folder lies, and the table that records what was applied.
import { described, members, text, type Reader } from "./config-nodes";
import { didYouMean } from "./nearest";
import { listed } from "./model/words";

export interface MigrationsSetting {
  /** As written; absolute after `rebase`. */
  readonly folder: string;
  /** Name of the table of applied migrations, where it is not the format's own. */
  readonly table?: string;
  /** The database's schema that the table lies in. */
  readonly schema?: string;
}

const parts = ["folder", "table", "schema"];

/** A path, or an object with `folder`. */
export const readMigrationsSetting: Reader<MigrationsSetting> = (node, reading) => {
  const wanted = `"migrations" must be a folder such as "db/migrations", or an object such as { "folder": "db/migrations", "table": "schema_migrations" }`;
  if (node.type !== "object") {
    const folder = text(node, reading, wanted);
    return folder === undefined ? undefined : { folder };
  }
  const setting: Record<string, string> = {};
  let sound = true;
  for (const [name, nameNode, value] of members(node)) {
    if (!parts.includes(name)) {
      reading.say(nameNode, `"migrations" has no "${name}"${didYouMean(name, parts) || `; it has ${listed(parts)}`}`);
      sound = false;
      continue;
    }
    const read = text(value, reading, `"${name}" of "migrations" must be a text that is not empty`);
    if (read === undefined) sound = false;
    else setting[name] = read;
  }
  const { folder, ...table } = setting;
  if (sound && folder === undefined) reading.say(node, `${wanted}; found ${described(node)} without "folder"`);
  return sound && folder !== undefined ? { folder, ...table } : undefined;
};
