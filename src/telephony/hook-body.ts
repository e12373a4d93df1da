import type { z } from 'zod';
import { RingsideError } from '../platform/errors.ts';
import type { HookRequest } from './port.ts';

/** A header that comes once; undefined when it is missing. */
export function headerOf(request: HookRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The fields of a body by its content type: JSON, or else a form (a name that comes several times is a list). Throws `invalid-input`. */
export function readFields(request: HookRequest): Record<string, unknown> {
  const isJson = /json/i.test(headerOf(request, 'content-type') ?? '');
  return isJson ? readJson(request.rawBody) : readForm(request.rawBody);
}

/** Throws `invalid-input` when the body is no JSON object. */
export function readJson(rawBody: Buffer): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(rawBody.toString('utf8'));
  } catch {
    throw notAnEvent('is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw notAnEvent('must be a JSON object');
  return { ...body };
}

function readForm(rawBody: Buffer): Record<string, string | string[]> {
  const form = new URLSearchParams(rawBody.toString('utf8'));
  const fields: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    fields[name] = values.length > 1 ? values : (values[0] ?? '');
  }
  return fields;
}

/** The fields as the schema describes them. Throws `invalid-input` that names each wrong one. */
export function readEvent<T extends z.ZodType>(
  schema: T,
  fields: object,
  said: { message: string; fix: string },
): z.output<T> {
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  throw new RingsideError('invalid-input', said.message, {
    fix: said.fix,
    fields: result.error.issues.map((issue) => ({
      field: issue.path.join('.') || 'body',
      message: messageOf(issue, fields),
    })),
  });
}

function messageOf(issue: { message: string; path: PropertyKey[] }, fields: object): string {
  const holder = issue.path.slice(0, -1).reduce<unknown>((at, name) => {
    return typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[name] : at;
  }, fields);
  const name = issue.path.at(-1);
  const missing =
    name !== undefined &&
    (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name));
  return missing ? `is missing; it ${issue.message}` : issue.message;
}

function notAnEvent(message: string): RingsideError {
  return new RingsideError('invalid-input', `The body ${message}.`, {
    fix: 'Send one phone event as JSON or as a form.',
    fields: [{ field: 'body', message }],
  });
}

/** An event whose sender cannot be believed. */
export function notBelieved(message: string, fix: string): RingsideError {
  return new RingsideError('unauthenticated', message, { fix });
}
