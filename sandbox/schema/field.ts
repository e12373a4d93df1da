/** Columns of a table, as ServiceNow's dictionary describes them. */
export type FieldType =
  | 'guid'
  | 'string'
  | 'integer'
  | 'boolean'
  | 'date-time'
  | 'date'
  | 'choice'
  | 'reference'
  | 'journal'
  | 'class'
  | 'password';

export interface Choice {
  value: string;
  label: string;
}

export interface Field {
  name: string;
  label: string;
  type: FieldType;
  /** Longest text that is stored; longer ones are cut. */
  max: number;
  /** Table that a reference points to. */
  reference: string;
  choices: readonly Choice[];
  /** Value of a new record that does not say. */
  initial: string;
  /** Written by the instance alone. */
  readOnly: boolean;
}

function field(name: string, label: string, type: FieldType, extra: Partial<Field> = {}): Field {
  return {
    name,
    label,
    type,
    max: 40,
    reference: '',
    choices: [],
    initial: '',
    readOnly: false,
    ...extra,
  };
}

export const text = (name: string, label: string, max = 40): Field =>
  field(name, label, 'string', { max });
export const integer = (name: string, label: string, initial = ''): Field =>
  field(name, label, 'integer', { initial });
export const flag = (name: string, label: string, initial = 'false'): Field =>
  field(name, label, 'boolean', { initial });
export const dateTime = (name: string, label: string): Field => field(name, label, 'date-time');
export const journal = (name: string, label: string): Field =>
  field(name, label, 'journal', { max: 4000 });
export const reference = (name: string, label: string, table: string): Field =>
  field(name, label, 'reference', { reference: table, max: 32 });
export const password = (name: string, label: string): Field =>
  field(name, label, 'password', { max: 255 });

/** `choice('priority', 'Priority', '4', '1 Critical', '2 High')`: value, space, label. */
export function choice(name: string, label: string, initial: string, ...choices: string[]): Field {
  const list = choices.map((each) => {
    const space = each.indexOf(' ');
    return { value: each.slice(0, space), label: each.slice(space + 1) };
  });
  return field(name, label, 'choice', { initial, choices: list });
}

/** What the instance itself keeps of every record. */
export const systemFields: readonly Field[] = [
  field('sys_id', 'Sys ID', 'guid', { max: 32, readOnly: true }),
  field('sys_created_on', 'Created', 'date-time', { readOnly: true }),
  field('sys_created_by', 'Created by', 'string', { readOnly: true }),
  field('sys_updated_on', 'Updated', 'date-time', { readOnly: true }),
  field('sys_updated_by', 'Updated by', 'string', { readOnly: true }),
  field('sys_mod_count', 'Updates', 'integer', { initial: '0', readOnly: true }),
  field('sys_tags', 'Tags', 'string', { readOnly: true }),
];

/** Tables that can be extended also say of which class a record is and to which domain it belongs. */
export const classFields: readonly Field[] = [
  field('sys_class_name', 'Class', 'class', { max: 80, readOnly: true }),
  // refers to a group that does not exist unless domains are separated: its value is the word global
  field('sys_domain', 'Domain', 'reference', {
    reference: 'sys_user_group',
    initial: 'global',
    max: 32,
  }),
  field('sys_domain_path', 'Domain path', 'string', { initial: '/' }),
];
