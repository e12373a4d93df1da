import type { IncomingHttpHeaders } from 'node:http';
import { errorReply, Refused } from './reply.ts';

/** A request as the APIs see it; the batch API makes such requests itself. */
export interface InstanceRequest {
  /** After `X-HTTP-Method-Override`. */
  method: string;
  /** Path and query as received. */
  target: string;
  path: string;
  /** Parameters in their original order. */
  parameters: readonly (readonly [name: string, value: string])[];
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Unique and at least 12 digits; shown in X-Transaction-ID. */
  transaction: string;
}

/** A request whose sender is known. */
export interface SignedInRequest extends InstanceRequest {
  user: { sysId: string; userName: string };
}

export function makeRequest(
  method: string,
  target: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  transaction: string,
): InstanceRequest {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const parameters = mark < 0 ? [] : [...new URLSearchParams(target.slice(mark + 1))];
  const override = headers['x-http-method-override'];
  const effective =
    typeof override === 'string' && method === 'POST' ? override.toUpperCase() : method;
  return { method: effective, target, path, parameters, headers, body, transaction };
}

/** Value of a parameter, or '' when it is not there. */
export function parameter(request: InstanceRequest, name: string): string {
  return request.parameters.find(([each]) => each === name)?.[1] ?? '';
}

export function isTrue(request: InstanceRequest, name: string): boolean {
  return parameter(request, name) === 'true';
}

/** A whole number of at least 0; `fallback` when the parameter is missing or no number. A negative one is refused. */
export function wholeNumber(request: InstanceRequest, name: string, fallback: number): number {
  const text = parameter(request, name);
  if (/^-\d+$/.test(text))
    throw new Refused(
      errorReply(400, `Invalid value for ${name}`, 'The value must not be negative'),
    );
  return /^\d{1,9}$/.test(text) ? Number(text) : fallback;
}

/** The body as a JSON object. */
export function readObject(request: InstanceRequest): Record<string, unknown> {
  const type = request.headers['content-type'] ?? '';
  if (type !== '' && !/json/i.test(type))
    throw new Refused(
      errorReply(415, 'Unsupported media type', `Content-Type ${type} is not supported`),
    );
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8') || '{}');
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // answered below
  }
  throw new Refused(
    errorReply(400, 'Exception while reading request', 'The payload is not valid JSON.'),
  );
}
