// Prisma's own engine as judge: it says whether a schema is valid, and what it reads from it.
import * as wasm from "@prisma/prisma-schema-wasm";

interface Dmmf {
  readonly datamodel: {
    readonly enums: readonly { readonly name: string; readonly dbName: string | null; readonly values: readonly { readonly name: string; readonly dbName: string | null }[] }[];
    readonly models: readonly DmmfModel[];
    readonly indexes: readonly DmmfIndex[];
  };
}

export interface DmmfModel {
  readonly name: string;
  readonly dbName: string | null;
  readonly schema: string | null;
  readonly fields: readonly {
    readonly name: string; readonly dbName?: string; readonly kind: "scalar" | "object" | "enum" | "unsupported"; readonly isList: boolean; readonly isRequired: boolean;
    readonly type: string; readonly relationName?: string; readonly relationFromFields?: readonly string[]; readonly relationToFields?: readonly string[];
    readonly relationOnDelete?: string; readonly relationOnUpdate?: string;
  }[];
}

export interface DmmfIndex {
  readonly model: string;
  readonly type: "id" | "normal" | "unique" | "fulltext";
  readonly dbName?: string;
  readonly algorithm?: string;
  readonly fields: readonly { readonly name: string; readonly sortOrder?: string; readonly length?: number; readonly operatorClass?: string }[];
}

type Files = Readonly<Record<string, string>>;

/** What Prisma objects to, or undefined where the schema is valid. */
export function objection(files: Files): string | undefined {
  try {
    wasm.validate(JSON.stringify({ prismaSchema: Object.entries(files), noColor: true }));
    return undefined;
  } catch (error) {
    return String((error as Error).message);
  }
}

/** What Prisma reads; throws where the schema is not valid. */
export function dmmf(files: Files): Dmmf["datamodel"] {
  return (JSON.parse(wasm.get_dmmf(JSON.stringify({ prismaSchema: Object.entries(files), noColor: true }))) as Dmmf).datamodel;
}

/** The text as Prisma formats it. */
export function formatted(text: string): string {
  const params = { textDocument: { uri: "file:/schema.prisma" }, options: { tabSize: 2, insertSpaces: true } };
  return (JSON.parse(wasm.format(JSON.stringify([["schema.prisma", text]]), JSON.stringify(params))) as [string, string][])[0]![1];
}
