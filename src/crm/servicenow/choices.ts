import type { CallOptions } from '../port.ts';
import type { Choice, ChoiceField } from '../record.ts';
import { cleanText } from '../../platform/text.ts';
import type { Client } from './client.ts';
import { equals } from './encoded-query.ts';
import { failure } from './failure.ts';
import { hasCode } from './pull.ts';
import { live } from './retry.ts';
import { flag, text } from './row.ts';
import type { Row } from './row.ts';
import { matchesAll } from './scan.ts';
import { listRows } from './table-api.ts';
import { customerCase } from './tables.ts';

const choiceColumns: Record<Exclude<ChoiceField, 'assignmentGroup'>, string> = {
  state: 'state',
  priority: 'priority',
  channel: 'contact_type',
  resolutionCode: 'resolution_code',
  category: 'category',
};

/** The live choices of a field of a case; see CrmConnection.choices. Numbers of states differ from instance to instance. */
export async function readChoices(
  client: Client,
  field: ChoiceField,
  options: CallOptions = {},
): Promise<Choice[]> {
  if (field === 'assignmentGroup') return readGroups(client, options);
  const choices = await listChoices(client, choiceColumns[field], options);
  return field === 'state' ? choices.map(withQuestions) : choices;
}

async function listChoices(
  client: Client,
  column: string,
  options: CallOptions,
): Promise<Choice[]> {
  try {
    return await fromCaseApi(client, column, options);
  } catch (error) {
    // The Case API needs a role of its own and belongs to the plugin; the list of choices is readable without.
    if (!hasCode(error, 'csm-inactive', 'no-access', 'malformed')) throw error;
    return fromChoiceTable(client, column, options);
  }
}

/** Resolved and Closed as delivered: both want the resolution code and notes (product documentation, 'Case states'). */
const endingStates = new Set(['6', '3']);

function withQuestions(state: Choice): Choice {
  return endingStates.has(state.value)
    ? { ...state, asks: ['resolutionCode', 'resolutionNotes'] }
    : state;
}

const groupsAtMost = 1000;

/** Active groups by name; none where the user may not read them. */
async function readGroups(client: Client, options: CallOptions): Promise<Choice[]> {
  const where = [equals('active', 'true')];
  const request = {
    table: 'sys_user_group',
    where,
    fields: ['sys_id', 'name', 'active'],
    limit: groupsAtMost,
  };
  try {
    const { rows } = await listRows(client, request, live(options));
    return rows
      .filter((row) => matchesAll(row, where))
      .map((row) => ({ value: text(row, 'sys_id', 64), label: text(row, 'name', 100) }))
      .filter(({ value, label }) => value !== '' && label !== '')
      .toSorted((a, b) => a.label.localeCompare(b.label, 'en'));
  } catch (error) {
    if (hasCode(error, 'no-access', 'csm-inactive')) return [];
    throw error;
  }
}

async function fromCaseApi(
  client: Client,
  column: string,
  options: CallOptions,
): Promise<Choice[]> {
  const { result } = await client.get({
    path: `api/sn_customerservice/case/field_values/${column}`,
    parameters: {},
    subject: customerCase.name,
    ...live(options),
  });
  if (!Array.isArray(result)) throw failure('malformed', `The choices of ${column} are no list.`);
  return result.flatMap((choice: unknown) => {
    if (typeof choice !== 'object' || choice === null) return [];
    return readChoice(choice as Row);
  });
}

async function fromChoiceTable(
  client: Client,
  column: string,
  options: CallOptions,
): Promise<Choice[]> {
  // A case is a task: a field without choices of its own takes those of task.
  for (const table of [customerCase.name, 'task']) {
    const where = [equals('name', table), equals('element', column), equals('language', 'en')];
    const fields = [
      'sys_id',
      'name',
      'element',
      'language',
      'value',
      'label',
      'sequence',
      'inactive',
    ];
    const request = { table: 'sys_choice', where, fields, limit: 500 };
    const { rows } = await listRows(client, request, live(options));
    const found = rows
      .filter((row) => matchesAll(row, where) && flag(row, 'inactive') !== true)
      .toSorted((a, b) => Number(text(a, 'sequence')) - Number(text(b, 'sequence')))
      .flatMap(readChoice);
    if (found.length > 0) return found;
  }
  return [];
}

function readChoice(row: Row): Choice[] {
  const value = text(row, 'value', 64);
  return value === '' ? [] : [{ value, label: cleanText(text(row, 'label'), 100) || value }];
}
