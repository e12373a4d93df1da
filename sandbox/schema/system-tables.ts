import { dateTime, flag, integer, reference, text } from './field.ts';
import type { TableDefinition } from './table.ts';

/** The instance's own tables that integrations read. */
export const systemTables: readonly TableDefinition[] = [
  {
    name: 'sys_choice',
    label: 'Choice',
    display: 'label',
    fields: [
      text('name', 'Table', 80),
      text('element', 'Element', 80),
      text('value', 'Value', 255),
      text('label', 'Label', 255),
      text('language', 'Language', 3),
      integer('sequence', 'Sequence'),
      flag('inactive', 'Inactive'),
      text('dependent_value', 'Dependent value', 40),
    ],
  },
  {
    name: 'sys_journal_field',
    label: 'Journal Entry',
    display: 'value',
    fields: [
      text('name', 'Name', 80),
      text('element', 'Element', 80),
      text('element_id', 'Element ID', 32),
      text('value', 'Value', 4000),
    ],
  },
  {
    name: 'sys_audit_delete',
    label: 'Deleted Record',
    display: 'display_value',
    fields: [
      text('tablename', 'Table name', 80),
      text('documentkey', 'Document Key', 32),
      text('display_value', 'Display value', 255),
      text('payload', 'Payload', 8000),
    ],
  },
  {
    name: 'sys_attachment',
    label: 'Attachment',
    display: 'file_name',
    fields: [
      text('file_name', 'File name', 100),
      text('table_name', 'Table name', 80),
      text('table_sys_id', 'Table Sys ID', 32),
      text('content_type', 'Content type', 100),
      integer('size_bytes', 'Size bytes'),
      integer('size_compressed', 'Size compressed'),
      flag('compressed', 'Compressed'),
      text('hash', 'Hash', 64),
      text('state', 'State'),
      text('average_image_color', 'Average image color'),
      text('image_width', 'Image width'),
      text('image_height', 'Image height'),
    ],
  },
  {
    name: 'sys_db_object',
    label: 'Table',
    display: 'label',
    fields: [
      text('name', 'Name', 80),
      text('label', 'Label', 80),
      reference('super_class', 'Extends table', 'sys_db_object'),
    ],
  },
  {
    name: 'sys_dictionary',
    label: 'Dictionary Entry',
    display: 'element',
    fields: [
      text('name', 'Table', 80),
      text('element', 'Column name', 80),
      text('column_label', 'Column label', 80),
      text('internal_type', 'Type', 80),
      integer('max_length', 'Max length'),
      text('reference', 'Reference', 80),
      flag('active', 'Active', 'true'),
    ],
  },
  {
    name: 'sys_properties',
    label: 'System Property',
    display: 'name',
    fields: [text('name', 'Name', 100), text('value', 'Value', 4000), text('type', 'Type')],
  },
  {
    name: 'sys_plugins',
    label: 'System Plugin',
    display: 'name',
    fields: [
      text('name', 'Name', 100),
      text('source', 'ID', 100),
      text('version', 'Version'),
      text('active', 'Status'),
      dateTime('installed_on', 'Installed on'),
    ],
  },
];
