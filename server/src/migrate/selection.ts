// Which migrations a run takes, and in which direction: from the folder's state and what was asked for. Shared by the plan
// and the runner, so that what was shown is what runs.
import type { Migration, MigrationStatus } from "../model/migration";

export interface Wanted {
  /** How many: up all by default, down one. */
  readonly count?: number;
  /** A version or id: up to and with it, or down to it, which stays applied. */
  readonly to?: string;
}

export type Selection =
  | { readonly kind: "selected"; readonly direction: "up" | "down"; readonly migrations: readonly Migration[] }
  /** A full sentence. */
  | { readonly kind: "impossible"; readonly message: string };

/** Pending and half-applied migrations in the folder's order. */
export function selectUp(status: readonly MigrationStatus[], { count, to }: Wanted): Selection {
  const end = to === undefined ? { at: status.length - 1 } : placeOf(to, status);
  if ("message" in end) return { kind: "impossible", message: end.message };
  const open = status.slice(0, end.at + 1).filter(({ state }) => state === "pending" || state === "half-applied");
  return { kind: "selected", direction: "up", migrations: migrationsOf(count === undefined ? open : open.slice(0, count)) };
}

/** Applied and half-applied migrations, the last one first. */
export function selectDown(status: readonly MigrationStatus[], { count, to }: Wanted): Selection {
  const begin = to === undefined ? { at: -1 } : placeOf(to, status);
  if ("message" in begin) return { kind: "impossible", message: begin.message };
  const applied = status.slice(begin.at + 1).filter(({ applied, migration, state }) => migration !== undefined && (applied !== undefined || state === "half-applied")).reverse();
  return { kind: "selected", direction: "down", migrations: migrationsOf(applied.slice(0, count ?? (to === undefined ? 1 : applied.length))) };
}

/** Forwards where `to` is not applied yet, else backwards. */
export function selectTo(status: readonly MigrationStatus[], to: string): Selection {
  const place = placeOf(to, status);
  if ("message" in place) return { kind: "impossible", message: place.message };
  const { state } = status[place.at]!;
  return state === "pending" || state === "half-applied" || state === "out-of-order" ? selectUp(status, { to }) : selectDown(status, { to });
}

/** By id, by version, or by the version's number: "3" is "0003". */
function placeOf(wanted: string, status: readonly MigrationStatus[]): { readonly at: number } | { readonly message: string } {
  const known = status.flatMap(({ migration }, at) => (migration ? [{ migration, at }] : []));
  const number = (version: string): string => version.replace(/^0+(?=\d)/, "");
  const found = [
    known.filter(({ migration }) => migration.id === wanted),
    known.filter(({ migration }) => migration.version === wanted),
    known.filter(({ migration }) => /^\d+$/.test(wanted) && number(migration.version) === number(wanted)),
  ].find((list) => list.length > 0);
  if (found === undefined) return { message: `There is no migration "${wanted}". ${known.length === 0 ? "The folder holds none." : `The folder holds ${listed(known.map(({ migration }) => migration.id))}.`}` };
  if (found.length > 1) return { message: `"${wanted}" means ${found.length} migrations: ${listed(found.map(({ migration }) => migration.id))}. Write one of these names in full.` };
  return { at: found[0]!.at };
}

function listed(ids: readonly string[]): string {
  return ids.length <= 6 ? ids.join(", ") : `${ids.slice(0, 2).join(", ")}, …, ${ids.slice(-3).join(", ")}`;
}

function migrationsOf(status: readonly MigrationStatus[]): readonly Migration[] {
  return status.flatMap(({ migration }) => migration ?? []);
}
