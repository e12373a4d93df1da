import fc from 'fast-check';
import { z } from 'zod';
import type { ApiOperation, ApiRequest } from './api-operations.ts';
import type { Answer } from './ask.ts';
import { hostile, spoilt } from './hostile.ts';
import { valuesOf } from './json-schema.ts';
import type { Json } from './json-schema.ts';

/** First what is right, then more and more of what is not. */
export function fuzzCases(
  operation: ApiOperation,
  round: number,
  ids: readonly string[],
): fc.Arbitrary<ApiRequest> {
  const anyId = fc.constantFrom(...ids);
  const parameters = fc.record(
    Object.fromEntries(
      operation.parameters.map(({ name, schema, in: place }) => {
        const right =
          place === 'path' && schema.format !== 'uuid'
            ? fc.oneof(anyId, valuesOf(schema, anyId))
            : valuesOf(schema, anyId);
        return [name, round % 3 === 1 ? fc.oneof(right, hostile) : right];
      }),
    ),
  ) as fc.Arbitrary<Record<string, Json>>;
  if (operation.body === null) return fc.record({ parameters });
  const right = valuesOf(operation.body.schema, anyId);
  const body = round % 3 === 2 ? right.chain(spoilt) : round % 5 === 4 ? hostile : right;
  return fc.record({ parameters, body });
}

/** What is wrong with an answer; null when nothing is. */
export function faultOf(operation: ApiOperation, { status, type, text }: Answer): string | null {
  if (status >= 500) return `${status}: ${text.slice(0, 300)}`;
  // Below the routes: a path that is none, or too long.
  const declared =
    operation.answers[String(status)] ?? (status >= 400 ? operation.answers['default'] : undefined);
  if (declared === undefined) return `${status} is not declared`;
  const types = Object.keys(declared);
  if (types.length === 0) return null;
  if (status === 204) return text === '' ? null : '204 with a body';
  if (!types.includes(type)) return `${status} of type ${type}, declared is ${types.join(', ')}`;
  const schema = declared[type];
  if (!schema || !type.endsWith('json')) return null;
  const parsed = z.fromJSONSchema(schema as never).safeParse(JSON.parse(text));
  return parsed.success
    ? null
    : `${status} is not as declared: ${parsed.error.message.slice(0, 300)}`;
}
