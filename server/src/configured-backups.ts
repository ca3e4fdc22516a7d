// The setting `backups`: before which runs a dump is made, and where dumps go.
import { described, members, text, type Reader } from "./config-nodes";
import { didYouMean } from "./nearest";
import { listed } from "./model/words";

export const backupTimes = ["losses", "always", "never"] as const;

export interface BackupsSetting {
  /** Before a run that loses data, before every run, or never. */
  readonly before: (typeof backupTimes)[number];
  /** As written; absolute after `rebase`. */
  readonly folder: string;
}

export const defaultBackups: BackupsSetting = { before: "losses", folder: "backups" };

const parts = ["before", "folder"];

/** One of `backupTimes`, or an object. */
export const readBackupsSetting: Reader<BackupsSetting> = (node, reading) => {
  const wanted = `"backups" must be "losses", "always" or "never", or an object such as { "before": "always", "folder": "../backups" }`;
  const time = (value: unknown): BackupsSetting["before"] | undefined => backupTimes.find((one) => one === value);
  if (node.type !== "object") {
    const before = time(node.value);
    if (before === undefined) return reading.say(node, `${wanted}; found ${described(node)}${typeof node.value === "string" ? didYouMean(node.value, backupTimes) : ""}`), undefined;
    return { ...defaultBackups, before };
  }
  let setting = defaultBackups;
  for (const [name, nameNode, value] of members(node)) {
    if (name === "before") {
      const before = time(value.value);
      if (before === undefined) reading.say(value, `"before" of "backups" must be "losses", "always" or "never"; found ${described(value)}`);
      else setting = { ...setting, before };
    } else if (name === "folder") {
      const folder = text(value, reading, `"folder" of "backups" must be a path`);
      if (folder !== undefined) setting = { ...setting, folder };
    } else reading.say(nameNode, `"backups" has no "${name}"${didYouMean(name, parts) || `; it has ${listed(parts)}`}`);
  }
  return setting;
};
