// The entities that snapshots of drizzle-kit 1.0 consist of, how each is known, and what a rename makes of the others.
export interface Entity {
  readonly entityType: string;
  readonly [field: string]: unknown;
}

export type Entities = ReadonlyMap<string, Entity>;

/** A field of an entity that is known to hold text, and one that holds a list. */
export const text = (entity: Entity, field: string): string => String(entity[field] ?? "");
export const texts = (entity: Entity, field: string): readonly string[] => entity[field] as readonly string[];

/** A key of an index: a column's name, or an expression. */
export interface IndexKey {
  readonly value: string;
  readonly isExpression: boolean;
  readonly asc: boolean;
  readonly nullsFirst: boolean;
  readonly opclass: { readonly name: string; readonly default: boolean } | null;
}

/** By these an entity is known: `identity` of `createDDL` in drizzle-kit's sources. */
export function keyOf(entity: Entity): string {
  const { entityType, schema, table, name } = entity;
  const parts = entityType === "schemas" || entityType === "roles" ? [name] : ["tables", "enums", "indexes", "sequences", "views"].includes(entityType) ? [schema, name] : [schema, table, name];
  return `${entityType}\0${JSON.stringify(parts)}`;
}

/** `entities` with one renamed, in its place: what belongs to a table, schema or type goes by its new name, and what names a column by the column's. */
export function renamed(entities: Entities, from: Entity, to: Entity): Entities {
  const change = (entity: Entity): Entity => {
    if (entity === from) return to;
    if (from.entityType === "schemas") return { ...entity, ...(entity["schema"] === from["name"] && { schema: to["name"] }), ...(entity["schemaTo"] === from["name"] && { schemaTo: to["name"] }), ...(entity["typeSchema"] === from["name"] && { typeSchema: to["name"] }) };
    if (from.entityType === "roles") {
      const role = (one: unknown): unknown => (one === from["name"] ? to["name"] : one);
      if (entity.entityType === "privileges") return { ...entity, grantee: role(entity["grantee"]), grantor: role(entity["grantor"]) };
      return entity.entityType === "policies" ? { ...entity, roles: texts(entity, "roles").map(role) } : entity;
    }
    if (from.entityType === "enums") return entity.entityType === "columns" && entity["type"] === from["name"] && entity["typeSchema"] === from["schema"] ? { ...entity, type: to["name"], typeSchema: to["schema"] } : entity;
    if (from.entityType === "tables") return { ...entity, ...(entity["table"] === from["name"] && entity["schema"] === from["schema"] && { table: to["name"], schema: to["schema"] }), ...(entity["tableTo"] === from["name"] && entity["schemaTo"] === from["schema"] && { tableTo: to["name"], schemaTo: to["schema"] }) };
    if (from.entityType !== "columns") return entity;
    const name = (one: unknown): unknown => (one === from["name"] ? to["name"] : one);
    const inIt = entity["table"] === from["table"] && entity["schema"] === from["schema"];
    return {
      ...entity,
      ...(inIt && Array.isArray(entity["columns"]) && { columns: entity["columns"].map((one: unknown) => (typeof one === "string" ? name(one) : (one as IndexKey).isExpression ? one : { ...(one as IndexKey), value: name((one as IndexKey).value) })) }),
      ...(entity["tableTo"] === from["table"] && entity["schemaTo"] === from["schema"] && Array.isArray(entity["columnsTo"]) && { columnsTo: entity["columnsTo"].map(name) }),
    };
  };
  return new Map([...entities.values()].map((entity) => { const next = change(entity); return [keyOf(next), next]; }));
}
