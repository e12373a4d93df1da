import { htmlReply, type Reply } from '../http/reply.ts';
import { parameter, type InstanceRequest } from '../http/instance-request.ts';
import type { Instance } from '../instance.ts';
import type { Table } from '../schema/table.ts';
import { displayValue, ownField } from '../tables/display.ts';

/**
 * The record that a link of the classic or the workspace interface opens, as a plain page to look at. A real instance would ask to sign in
 * first; this one holds nothing but made-up data, and a demo is nicer when 'Open in ServiceNow' shows something.
 */
export function recordPage(instance: Instance, request: InstanceRequest): Reply | null {
  const target = linkTarget(request);
  const table = target ? instance.database.tables.get(target.table) : undefined;
  if (!target || !table) return null;
  if (target.sysId === '-1') return htmlReply(200, newRecordPage(table, target.query));
  const found = instance.database.find(table.name, target.sysId);
  if (!found) return htmlReply(200, page('Record not found', '<p>Record not found</p>'));
  const { store, row } = found;
  const title = `${store.table.label} ${store.value(row, store.table.display)}`;
  const rows = [...store.table.fields.values()]
    .map((field) => ({
      field,
      shown: displayValue(
        instance.database,
        ownField(store.table, field),
        store.value(row, field.name),
      ),
    }))
    .filter(({ shown }) => shown !== '')
    .map(({ field, shown }) => `<tr><th>${escape(field.label)}</th><td>${escape(shown)}</td></tr>`);
  return htmlReply(200, page(title, `<table>${rows.join('')}</table>`));
}

/** The form of a new record with the values that the link fills in: `contact=…^contact_type=phone`. */
function newRecordPage(table: Table, query: string): string {
  const rows = query.split('^').flatMap((term) => {
    const [name = '', value = ''] = term.split(/=(.*)/s);
    const field = table.fields.get(name);
    return field === undefined
      ? []
      : [`<tr><th>${escape(field.label)}</th><td>${escape(value)}</td></tr>`];
  });
  return page(`New ${table.label}`, `<table>${rows.join('')}</table>`);
}

interface LinkTarget {
  table: string;
  /** `-1`: a new record. */
  sysId: string;
  /** Values of a new record, as an encoded query. */
  query: string;
}

/** `/customer_contact.do?sys_id=…`, the same inside `nav_to.do?uri=` or `/now/nav/ui/classic/params/target/`, or `/now/…/record/TABLE/ID`. */
function linkTarget(request: InstanceRequest): LinkTarget | null {
  const workspace = /\/record\/([a-z0-9_]+)\/([0-9a-f]{32}|-1)(?:\/params\/query\/(.+))?/.exec(
    request.path,
  );
  if (workspace)
    return {
      table: workspace[1]!,
      sysId: workspace[2]!,
      query: decodeURIComponent(workspace[3] ?? ''),
    };
  const direct = /^\/([a-z0-9_]+)\.do$/.exec(request.path);
  if (direct && direct[1] !== 'nav_to')
    return {
      table: direct[1]!,
      sysId: parameter(request, 'sys_id'),
      query: parameter(request, 'sysparm_query'),
    };
  const framed = direct
    ? parameter(request, 'uri')
    : decodeURIComponent(/\/params\/target\/(.+)$/.exec(request.path)?.[1] ?? '');
  const inner = /^\/?([a-z0-9_]+)\.do\?(.*)$/.exec(framed);
  if (inner === null) return null;
  const parameters = new URLSearchParams(inner[2]);
  return {
    table: inner[1]!,
    sysId: parameters.get('sys_id') ?? '',
    query: parameters.get('sysparm_query') ?? '',
  };
}

const style =
  'body{font:15px system-ui,sans-serif;margin:2rem;color:#1b2a33}th{text-align:left;padding:.3rem 2rem .3rem 0;font-weight:500;color:#54666f;vertical-align:top}' +
  'td{padding:.3rem 0}p.note{color:#54666f}';

function page(title: string, body: string): string {
  return (
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><style>${style}</style></head>` +
    `<body><p class="note">Sandbox instance, made-up data</p><h1>${escape(title)}</h1>${body}</body></html>`
  );
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
