// Prisma's names of PostgreSQL's operator classes (`JsonbPathOps`), and the classes' own (`jsonb_path_ops`).

/** The class that `ops: JsonbPathOps` stands for. */
export function operatorClass(prismaName: string): string {
  return prismaName
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace("min_max", "minmax").replace("timestamp_tz", "timestamptz").replace("time_tz", "timetz").replace("var_bit", "varbit");
}

/** How Prisma writes the class after `ops:`; one that Prisma does not know is `raw("…")`. */
export function operatorClassText(name: string): string {
  const known = byClass.get(name);
  return known ?? `raw(${JSON.stringify(name)})`;
}

// Each scalar type has a bloom and a minmax class for BRIN; the list is that of prisma-engines' PostgreSQL connector.
const bloom = ["Bit", "VarBit", "Bpchar", "Bytea", "Date", "Float4", "Float8", "Inet", "Int2", "Int4", "Int8", "Numeric", "Oid", "Text", "Timestamp", "TimestampTz", "Time", "TimeTz", "Uuid"];
const names = [
  "InetOps", "JsonbOps", "JsonbPathOps", "ArrayOps", "TextOps", "BitMinMaxOps", "VarBitMinMaxOps", "BpcharBloomOps", "BpcharMinMaxOps", "InetInclusionOps",
  ...bloom.filter((type) => type !== "Bit" && type !== "VarBit").flatMap((type) => [`${type}BloomOps`, `${type}MinMaxOps`]),
  ...["Date", "Float4", "Float8", "Inet", "Int2", "Int4", "Int8", "Numeric", "Oid", "Timestamp", "TimestampTz", "Time", "TimeTz", "Uuid"].map((type) => `${type}MinMaxMultiOps`),
];

const byClass: ReadonlyMap<string, string> = new Map(names.map((name) => [operatorClass(name), name]));
