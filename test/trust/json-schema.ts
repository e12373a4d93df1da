import fc from 'fast-check';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** As much of JSON Schema as Zod writes. */
export interface JsonSchema {
  type?: string | string[];
  const?: Json;
  enum?: Json[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** What routes know to be something, so that requests get past the first look. */
const words = [
  ...['servicenow', 'webhook', 'asterisk', 'freeswitch', 'threecx', 'twilio', 'sipgate'],
  ...['Europe/Berlin', 'DE', '+493012345678', '101', '030 123', 'CS0001001', 'Ada', 'csv', '1'],
  ...['contact:01a223c8-d914-772b-a1e0-928bf3d29cb3:c1'],
];

const address = 'https://acme.service-now.com/';

/** Values that a schema allows. `idOf` draws ids, so that requests name what there is. */
export function valuesOf(schema: JsonSchema, ids: fc.Arbitrary<string>): fc.Arbitrary<Json> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((one) => valuesOf(one, ids)));
  if (schema.allOf !== undefined) {
    return fc
      .tuple(...schema.allOf.map((one) => valuesOf(one, ids)))
      .map((parts) => Object.assign({}, ...parts) as Json);
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'string':
      return texts(schema, ids);
    case 'integer':
    case 'number':
      return numbers(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return arrays(schema, ids);
    case 'object':
      return objects(schema, ids);
    default:
      return fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>;
  }
}

function texts(schema: JsonSchema, ids: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const { format, pattern, minLength = 0, maxLength = 4_000 } = schema;
  if (format === 'uuid') return ids;
  if (format === 'email') return fc.emailAddress();
  if (format === 'date-time') {
    return fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  if (format === 'date') return fc.constantFrom('2026-02-28', '1970-01-01');
  if (format === 'uri') return fc.webUrl();
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  const longest = Math.min(maxLength, 40);
  const fit = words.filter((word) => word.length >= minLength && word.length <= maxLength);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fit.length > 0 ? fc.constantFrom(...fit) : fc.constant('x'.repeat(minLength)),
    },
    { weight: 4, arbitrary: fc.string({ minLength, maxLength: Math.max(minLength, longest) }) },
    // At both ends of what is allowed.
    { weight: 1, arbitrary: fc.constant('x'.repeat(maxLength)) },
    { weight: 1, arbitrary: fc.constant('é'.repeat(Math.max(minLength, 1))) },
  );
}

function numbers(schema: JsonSchema): fc.Arbitrary<number> {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const min = Math.max(minimum ?? -1e6, (exclusiveMinimum ?? -1e6 - 1) + 1);
  const max = Math.min(maximum ?? 1e6, (exclusiveMaximum ?? 1e6 + 1) - 1);
  return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
}

function arrays(schema: JsonSchema, ids: fc.Arbitrary<string>): fc.Arbitrary<Json> {
  if (schema.prefixItems !== undefined)
    return fc.tuple(...schema.prefixItems.map((one) => valuesOf(one, ids)));
  const { minItems: minLength = 0, maxItems = 3 } = schema;
  return fc.array(valuesOf(schema.items ?? {}, ids), {
    minLength,
    maxLength: Math.max(minLength, Math.min(maxItems, 3)),
  });
}

function objects(schema: JsonSchema, ids: fc.Arbitrary<string>): fc.Arbitrary<Json> {
  const known = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, one]) => {
      const isAddress = one.type === 'string' && /url|endpoint|link$/i.test(name);
      const values = valuesOf(one, ids);
      return [name, isAddress ? fc.oneof(fc.constant(address), values) : values];
    }),
  );
  const record = fc.record(known, { requiredKeys: (schema.required ?? []) as never[] });
  const { additionalProperties: more } = schema;
  if (typeof more !== 'object') return record as fc.Arbitrary<Json>;
  const names =
    schema.propertyNames === undefined ? fc.string() : valuesOf(schema.propertyNames, ids);
  const extra = fc.dictionary(names as fc.Arbitrary<string>, valuesOf(more, ids), { maxKeys: 2 });
  return fc.tuple(record, extra).map(([a, b]) => ({ ...b, ...(a as Record<string, Json>) }));
}
