import { interactionTables } from './interaction-tables.ts';
import { peopleTables } from './people-tables.ts';
import { systemTables } from './system-tables.ts';
import { resolveTables, type Table } from './table.ts';
import { workTables } from './work-tables.ts';

/** Every table of the instance, by name. */
export const tables: ReadonlyMap<string, Table> = resolveTables([
  ...peopleTables,
  ...workTables,
  ...interactionTables,
  ...systemTables,
]);
