import { tables } from '../schema/tables.ts';
import type { GeneratedRows } from '../tables/generated-rows.ts';
import { listedRows } from '../tables/listed-rows.ts';
import type { Values } from '../tables/row-store.ts';
import type { Company } from './company.ts';
import { namedSysId } from './sys-id.ts';
import { assignmentGroups } from './users.ts';

/** The generated rows of every table that has some. */
export function companyRows(company: Company): Record<string, GeneratedRows> {
  return {
    sys_user: inGlobalDomain(company.users),
    customer_account: inGlobalDomain(company.accounts),
    customer_contact: inGlobalDomain(company.contacts),
    csm_consumer: company.consumers,
    sn_customerservice_case: inGlobalDomain(company.cases),
    incident: company.incidents,
    sys_user_group: listedRows(
      assignmentGroups.map(({ name, sys_id }) => ({ name, sys_id, active: 'true' })),
    ),
    sys_choice: listedRows(choiceRows()),
    sys_db_object: listedRows(tableRows()),
    sys_dictionary: listedRows(columnRows()),
    sys_properties: listedRows(propertyRows()),
    sys_plugins: listedRows(pluginRows()),
  };
}

function inGlobalDomain(rows: GeneratedRows): GeneratedRows {
  const domain: Values = { sys_domain: 'global', sys_domain_path: '/' };
  return { ...rows, value: (row, field) => domain[field] ?? rows.value(row, field) };
}

function choiceRows(): Values[] {
  const rows: Values[] = [];
  for (const table of tables.values()) {
    const parent = table.extends === undefined ? undefined : tables.get(table.extends);
    for (const field of table.fields.values()) {
      if (field.choices.length === 0 || parent?.fields.get(field.name) === field) continue;
      for (const [at, { value, label }] of field.choices.entries()) {
        const sys_id = namedSysId(`choice ${table.name}.${field.name}.${value}`);
        rows.push({
          sys_id,
          name: table.name,
          element: field.name,
          value,
          label,
          language: 'en',
          sequence: String(at),
          inactive: 'false',
        });
      }
    }
  }
  return rows;
}

function tableRows(): Values[] {
  return [...tables.values()].map(({ name, label, extends: parent }) => ({
    sys_id: namedSysId(`table ${name}`),
    name,
    label,
    super_class: parent === undefined ? '' : namedSysId(`table ${parent}`),
  }));
}

const internalTypes: Record<string, string> = {
  guid: 'GUID',
  'date-time': 'glide_date_time',
  date: 'glide_date',
  journal: 'journal_input',
  class: 'sys_class_name',
  password: 'password',
};

function columnRows(): Values[] {
  const rows: Values[] = [];
  for (const table of tables.values()) {
    const parent = table.extends === undefined ? undefined : tables.get(table.extends);
    for (const field of table.fields.values()) {
      if (parent?.fields.get(field.name) === field) continue;
      rows.push({
        sys_id: namedSysId(`column ${table.name}.${field.name}`),
        name: table.name,
        element: field.name,
        column_label: field.label,
        internal_type:
          field.choices.length > 0 ? 'choice' : (internalTypes[field.type] ?? field.type),
        max_length: String(field.max),
        reference: field.reference,
        active: 'true',
      });
    }
  }
  return rows;
}

function propertyRows(): Values[] {
  const properties: [string, string][] = [
    ['glide.buildname', 'Zurich'],
    ['glide.buildtag', 'glide-zurich-07-01-2026__patch2'],
    ['glide.invalid_query.returns_no_rows', 'false'],
    ['glide.authenticate.basic_auth.restriction.active', 'true'],
  ];
  return properties.map(([name, value]) => ({
    sys_id: namedSysId(`property ${name}`),
    name,
    value,
    type: 'string',
  }));
}

function pluginRows(): Values[] {
  const plugins: [string, string][] = [
    ['com.sn_customerservice', 'Customer Service'],
    ['com.sn_openframe_store', 'OpenFrame'],
    ['com.glide.interaction', 'Interaction Management'],
  ];
  return plugins.map(([source, name]) => ({
    sys_id: namedSysId(`plugin ${source}`),
    source,
    name,
    version: '29.1.0',
    active: 'active',
  }));
}
