// A string constant as its type prints it, so that '1 hour' and '01:00:00' are one interval. What it cannot read it leaves as it is.

/** `type` as `comparableType` gives it. */
export function constantText(text: string, type: string): string {
  if (type.startsWith("timestamp") || type === "date") return moment(text, /with time zone$/.test(type)) ?? text;
  // Names without a schema are found in public.
  if (type === "regclass") return text.replace(/^(public|"public")\./, "");
  if (type.startsWith("interval")) return interval(text) ?? text;
  if (type === "jsonb") return json(text);
  if (type === "uuid") return text.toLowerCase();
  if (type === "boolean") return /^(t|true|y|yes|on|1)$/i.test(text) ? "true" : /^(f|false|n|no|off|0)$/i.test(text) ? "false" : text;
  if (/^(smallint|integer|bigint|numeric|real|double precision)/.test(type) && text.trim() !== "" && Number.isFinite(Number(text))) return String(Number(text));
  return text;
}

/** Date and time, in UTC where a zone is written and the type minds it. Which zone a bare time is in depends on the session: it is taken for UTC, in which a database is read. */
function moment(text: string, zoned: boolean): string | undefined {
  const found = /^\s*(\d{4,}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(?:Z|UTC|([-+])(\d\d)(?::?(\d\d))?)?\s*$/i.exec(text);
  if (!found) return undefined;
  const [, day, hours = "00", minutes = "00", seconds = "00", fraction = "", sign, zoneHours = "00", zoneMinutes = "00"] = found;
  const rest = fraction.replace(/0+$/, "");
  if (!zoned || sign === undefined || Number(zoneHours) + Number(zoneMinutes) === 0) return `${day} ${hours}:${minutes}:${seconds}.${rest}`;
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -1 : 1);
  const local = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(local) ? undefined : `${new Date(local - offset * 60_000).toISOString().replace("T", " ").replace(/\..*$/, "")}.${rest}`;
}

const units: readonly (readonly [pattern: RegExp, field: "months" | "days" | "seconds", size: number])[] = [
  [/^(y|yr|yrs|year|years)$/, "months", 12], [/^(mon|mons|month|months)$/, "months", 1], [/^(w|week|weeks)$/, "days", 7], [/^(d|day|days)$/, "days", 1],
  [/^(h|hr|hrs|hour|hours)$/, "seconds", 3600], [/^(m|min|mins|minute|minutes)$/, "seconds", 60], [/^(s|sec|secs|second|seconds)$/, "seconds", 1],
];

/** Months, days and seconds: PostgreSQL keeps the three apart. */
function interval(text: string): string | undefined {
  const total = { months: 0, days: 0, seconds: 0 };
  let rest = text.trim().toLowerCase();
  while (rest !== "") {
    const clock = /^([-+]?)(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*/.exec(rest);
    const part = clock ? undefined : /^([-+]?\d+(?:\.\d+)?)\s*([a-z]+)\s*/.exec(rest);
    if (clock) total.seconds += (clock[1] === "-" ? -1 : 1) * (Number(clock[2]) * 3600 + Number(clock[3]) * 60 + Number(clock[4] ?? 0));
    else {
      const unit = part && units.find(([pattern]) => pattern.test(part[2]!));
      if (!part || !unit) return undefined;
      total[unit[1]] += Number(part[1]) * unit[2];
    }
    rest = rest.slice((clock ?? part)![0].length);
  }
  return `${total.months} months ${total.days} days ${total.seconds} seconds`;
}

/** jsonb keeps no order of keys and no white space. */
function json(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text)));
  } catch {
    return text;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}
