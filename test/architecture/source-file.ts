import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseAst } from 'vite';

/** What the architecture rules need to know of one file. Paths are relative to the root of the checkout, with '/'. */
export interface SourceFile {
  path: string;
  imports: Import[];
  /** Names of tags of template literals: `sql` of sql`…`. */
  tags: string[];
  /** Names of called methods: `selectFrom` of db.selectFrom(…), with the object's last name: `pool.query`. */
  calls: string[];
  readsEnvironment: boolean;
}

export interface Import {
  /** Path of a file of the checkout, or the name of a package. */
  target: string;
  local: boolean;
  /** Loaded when it is called for, not at the start: `import('…')`. */
  lazy: boolean;
}

export function readSourceFile(root: string, file: string): SourceFile {
  return parseSource(relative(root, file).replaceAll('\\', '/'), readFileSync(file, 'utf8'));
}

export function parseSource(path: string, text: string): SourceFile {
  const lang = path.endsWith('.tsx') ? 'tsx' : path.endsWith('.mjs') ? 'js' : 'ts';
  const found: SourceFile = { path, imports: [], tags: [], calls: [], readsEnvironment: false };
  visit(parseAst(text, { lang }), (node) => look(node, found));
  return found;
}

type Node = { type: string } & Record<string, unknown>;

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see);
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') see(value as Node);
    for (const child of Object.values(value)) visit(child, see);
  }
}

function look(node: Node, found: SourceFile): void {
  if (/^(Import|ExportAll|ExportNamed)Declaration$/.test(node.type))
    addImport(node['source'], false, found);
  if (node.type === 'ImportExpression') addImport(node['source'], true, found);
  // The type import('…').X
  if (node.type === 'TSImportType') addImport(node['source'] ?? node['argument'], false, found);
  if (node.type === 'TaggedTemplateExpression') found.tags.push(lastName(node['tag']));
  if (node.type === 'CallExpression') found.calls.push(calledName(node['callee']));
  if (node.type === 'MemberExpression' && fullName(node) === 'process.env')
    found.readsEnvironment = true;
}

function addImport(source: unknown, lazy: boolean, found: SourceFile): void {
  const name = (source as { value?: unknown; literal?: { value?: unknown } } | null)?.value;
  if (typeof name !== 'string') return;
  const local = name.startsWith('.');
  const target = local ? join(dirname(found.path), name).replaceAll('\\', '/') : name;
  found.imports.push({ target, local, lazy });
}

function lastName(node: unknown): string {
  return fullName(node).split('.').at(-1)!;
}

function calledName(node: unknown): string {
  return fullName(node).split('.').slice(-2).join('.');
}

/** `a.b.c`; what is not a plain name counts as ''. */
function fullName(node: unknown): string {
  const { type, name, object, property } = node as {
    type: string;
    name?: string;
    object?: unknown;
    property?: unknown;
  };
  if (type === 'Identifier') return name ?? '';
  if (type === 'MemberExpression') return `${fullName(object)}.${fullName(property)}`;
  return '';
}
