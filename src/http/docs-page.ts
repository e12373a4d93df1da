/** The parts of an OpenAPI document that the page shows. */
interface Document {
  info: { title: string; version: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
}

interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<
    string,
    { description?: string; content?: Record<string, { schema?: unknown }> }
  >;
}

/**
 * The API for people: one page without scripts, so that it lives under the same content security policy as all others. A ready-made
 * viewer (Scalar) was measured and refused: 40 MB of memory and 0.23 s of every start, and inline scripts.
 */
export function docsPage(document: unknown): string {
  const { info, paths = {} } = document as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'Other'))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'Other') === tag);
    return `<section id="${slug(tag)}"><h2>${text(tag)}</h2>${own.map(showOperation).join('')}</section>`;
  });
  const links = tags.map((tag) => `<a href="#${slug(tag)}">${text(tag)}</a>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)} API</title>
<link rel="stylesheet" href="/api/docs/style.css">
</head>
<body>
<header><h1>${text(info.title)} API <small>${text(info.version)}</small></h1><p>${text(info.description ?? '')}</p>
<p><a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1)</p><nav aria-label="Sections">${links}</nav></header>
<main>${sections.join('\n')}</main>
</body>
</html>`;
}

function showOperation({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const parameters = (operation.parameters ?? []).map(
    (one) =>
      `<li><code>${text(one.name)}</code> in ${text(one.in)}${one.required ? ', required' : ''} ${schema(one.schema)}</li>`,
  );
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, body]) => `<h4>Body <small>${text(type)}</small></h4>${schema(body.schema)}`,
  );
  const answers = Object.entries(operation.responses ?? {}).map(([status, answer]) => {
    const shapes = Object.entries(answer.content ?? {}).map(
      ([type, body]) => `<small>${text(type)}</small>${schema(body.schema)}`,
    );
    const name = status === 'default' ? 'Refusals' : status;
    return `<h4>${text(name)}</h4><p>${text(answer.description ?? '')}</p>${shapes.join('')}`;
  });
  const scopes = (operation.security ?? []).flatMap(({ apiKey = [] }) => apiKey);
  const key = scopes.map((scope) => `<p>API key with <code>${text(scope)}</code></p>`).join('');
  return `<details><summary><b class="${text(method)}">${text(method.toUpperCase())}</b> <code>${text(path)}</code> <span>${text(operation.summary ?? '')}</span></summary>
<div>${key}${operation.description === undefined ? '' : `<p>${text(operation.description)}</p>`}
${parameters.length === 0 ? '' : `<h4>Parameters</h4><ul>${parameters.join('')}</ul>`}${bodies.join('')}${answers.join('')}</div></details>`;
}

function schema(value: unknown): string {
  return value === undefined
    ? ''
    : `<pre tabindex="0">${text(JSON.stringify(value, null, 2))}</pre>`;
}

function slug(tag: string): string {
  return tag.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function text(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export const docsStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; }
details { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 6px; margin: .5rem 0; }
summary { padding: .5rem .75rem; cursor: pointer; }
summary b { display: inline-block; min-width: 4.5rem; }
details > div { padding: 0 1rem 1rem; }
pre { overflow: auto; max-height: 24rem; padding: .75rem; border-radius: 6px; background: color-mix(in srgb, currentColor 8%, transparent); }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; }
code { overflow-wrap: anywhere; }
`;
