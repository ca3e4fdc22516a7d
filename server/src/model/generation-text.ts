// How a column comes by its values, in words for people.
import type { Column } from "./schema";
import { knownOptions, sequenceClauses } from "./sequence";

/** `generated always as identity (increment by 5)`. */
export function generationText({ generated, identity, sequenceOptions, default: value }: Column): string {
  switch (generated) {
    case "stored":
    case "virtual": return `generated as (${value?.sql ?? ""}) ${generated}`;
    case "identity": {
      const options = sequenceClauses(knownOptions(sequenceOptions));
      return `generated ${identity ?? "by default"} as identity${options.length > 0 ? ` (${options.join(" ").toLowerCase()})` : ""}`;
    }
    case "serial": return "serial";
    default: return "not generated";
  }
}
