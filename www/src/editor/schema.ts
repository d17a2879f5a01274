import text from "pointsman/schema.json";
import type { Path } from "./path.js";

/** The part of JSON Schema that the snapshot's is read by. */
export interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: { readonly [name: string]: Schema | boolean };
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

const root = text as unknown as Schema & { readonly $defs: { readonly [name: string]: Schema } };

/** What may stand at a path: several where the snapshot's schema leaves a choice; none for what it does not know. */
export function schemasAt(path: Path): readonly Schema[] {
  let schemas = resolved(root);
  for (const key of path) schemas = schemas.flatMap((schema) => resolved(within(schema, key)));
  return schemas;
}

function within(schema: Schema, key: string | number): Schema | boolean | undefined {
  if (typeof key === "number") return schema.items;
  const { properties = {}, additionalProperties } = schema;
  return Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
}

/** What a schema refers to, with what stands beside the reference; each of its alternatives. */
function resolved(schema: Schema | boolean | undefined): readonly Schema[] {
  if (typeof schema !== "object") return [];
  const { $ref, ...rest } = schema;
  const whole = $ref === undefined ? rest : { ...root.$defs[$ref.replace("#/$defs/", "")], ...rest };
  const types = whole.oneOf?.filter((choice) => choice.$ref !== undefined || choice.type !== undefined) ?? [];
  return types.length === 0 ? [whole] : types.flatMap(resolved);
}
