import { classFields, systemFields, type Field } from './field.ts';

export interface TableDefinition {
  name: string;
  label: string;
  /** Table this one extends; a record of this table is a record of that one too. */
  extends?: string;
  /** May be extended, so its records carry a class. */
  extendable?: boolean;
  /** Field that stands for the record where it is referred to. */
  display: string;
  /** Prefix of automatic numbers, such as CS. */
  numberPrefix?: string;
  /** Plugin that brings the table; without it the table does not exist. */
  plugin?: Plugin;
  fields: readonly Field[];
}

export type Plugin = 'csm' | 'openframe' | 'interaction';

/** A table with what it inherits. */
export interface Table extends Omit<TableDefinition, 'fields'> {
  fields: ReadonlyMap<string, Field>;
  /** The table itself and those it extends, nearest first. */
  lineage: readonly string[];
}

export function resolveTables(definitions: readonly TableDefinition[]): Map<string, Table> {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const tables = new Map<string, Table>();

  function resolve(name: string): Table {
    const known = tables.get(name);
    if (known) return known;
    const definition = byName.get(name);
    if (!definition) throw new Error(`The table ${name} is extended but not defined.`);
    const parent = definition.extends === undefined ? null : resolve(definition.extends);
    const own = parent ? [] : [...systemFields, ...(definition.extendable ? classFields : [])];
    const fields = new Map(parent?.fields);
    for (const each of [...own, ...definition.fields]) fields.set(each.name, each);
    const table = { ...definition, fields, lineage: [name, ...(parent?.lineage ?? [])] };
    tables.set(name, table);
    return table;
  }

  for (const { name } of definitions) resolve(name);
  return tables;
}
