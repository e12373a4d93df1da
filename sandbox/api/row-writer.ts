import { hiddenField } from '../faults/access.ts';
import { isTrue, parameter, type SignedInRequest } from '../http/instance-request.ts';
import type { Instance } from '../instance.ts';
import { journalText } from '../records/journal.ts';
import type { Table } from '../schema/table.ts';
import type { RowRef } from '../tables/database.ts';
import { rowWriter } from '../tables/write-row.ts';

/** Makes the JSON of rows as the request's sysparm_fields, sysparm_display_value and sysparm_exclude_reference_link ask. */
export function writerFor(
  instance: Instance,
  request: SignedInRequest,
  table: Table,
  linkBase: string,
): (row: RowRef) => string {
  const fields = parameter(request, 'sysparm_fields');
  const display = parameter(request, 'sysparm_display_value').toLowerCase();
  return rowWriter(instance.database, table, {
    fields:
      fields === ''
        ? null
        : [...new Set(fields.split(',').map((name) => name.trim()))].filter(Boolean),
    display: display === 'true' || display === 'all' ? display : 'false',
    excludeLinks: isTrue(request, 'sysparm_exclude_reference_link'),
    linkBase,
    readable: (owner, field) => hiddenField(instance, owner, field) === null,
    journal: (row, field) => journalText(instance, row, field),
  });
}
