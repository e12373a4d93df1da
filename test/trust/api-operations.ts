import type { Json, JsonSchema } from './json-schema.ts';

/** One operation of the API, as the OpenAPI document tells. */
export interface ApiOperation {
  /** Upper case. */
  method: string;
  /** `/api/v1/people/{id}/invitation` */
  path: string;
  /** Needs nobody signed in. */
  open: boolean;
  /** The scopes of API keys that it takes. */
  keyScopes: string[];
  parameters: { name: string; in: 'path' | 'query'; required: boolean; schema: JsonSchema }[];
  body: { type: string; schema: JsonSchema } | null;
  /** By status; a key `default` stands for every refusal. By content type; null where nothing is told of the content. */
  answers: Record<string, Record<string, JsonSchema | null>>;
}

interface Document {
  paths: Record<string, Record<string, DocumentOperation>>;
}

interface DocumentOperation {
  security?: Record<string, string[]>[];
  parameters?: ApiOperation['parameters'];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { content?: Record<string, { schema?: JsonSchema }> }>;
}

/** Every operation of the hub at `url`, in the order of its document. */
export async function apiOperations(url: string): Promise<ApiOperation[]> {
  const response = await fetch(`${url}/api/openapi.json`);
  const { paths } = (await response.json()) as Document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => toOperation(method, path, told)),
  );
}

function toOperation(method: string, path: string, told: DocumentOperation): ApiOperation {
  const bodies = Object.entries(told.requestBody?.content ?? {});
  const json = bodies.find(([type]) => type === 'application/json') ?? bodies[0];
  return {
    method: method.toUpperCase(),
    path,
    open: told.security?.length === 0,
    keyScopes: (told.security ?? []).flatMap(({ apiKey = [] }) => apiKey),
    parameters: (told.parameters ?? []).filter(
      ({ in: place }) => place === 'path' || place === 'query',
    ),
    body: json === undefined ? null : { type: json[0], schema: json[1].schema },
    answers: Object.fromEntries(
      Object.entries(told.responses).map(([status, { content = {} }]) => [
        status,
        Object.fromEntries(
          Object.entries(content).map(([type, { schema }]) => [type, schema ?? null]),
        ),
      ]),
    ),
  };
}

/** What one request says. */
export interface ApiRequest {
  parameters: Record<string, Json>;
  body?: Json | undefined;
}

/** The path with its parameters filled in, and the query. */
export function addressOf(operation: ApiOperation, values: Record<string, Json>): string {
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
  const query = new URLSearchParams();
  let path = operation.path;
  for (const { name, in: place } of operation.parameters) {
    const value = values[name];
    if (value === undefined) continue;
    if (place === 'query') query.set(name, text(value).toWellFormed());
    else path = path.replace(`{${name}}`, encodeURIComponent(text(value).toWellFormed()));
  }
  const asked = query.toString();
  return asked === '' ? path : `${path}?${asked}`;
}

/** `GET /api/v1/people/{id}` */
export function nameOf({ method, path }: ApiOperation): string {
  return `${method} ${path}`;
}
