import papaparse from 'papaparse';
import { csvOf } from '../platform/csv.ts';
import { RingsideError } from '../platform/errors.ts';
import { cleanText } from '../platform/text.ts';
import { personInput, team } from './contract.ts';
import type { PersonRow } from './contract.ts';
import { membershipsOf } from './membership.ts';
import type { Membership } from './membership.ts';
import { importTitles, mostRows } from './people-csv-contract.ts';
import type { ImportField, ImportRow } from './people-csv-contract.ts';
import { plans, roles } from './plan.ts';
import type { Plan, Role } from './plan.ts';
import type { Team } from './team.ts';

/** What a row says about a person; what it leaves open is absent. */
export interface PersonWish extends Partial<Membership> {
  email: string;
  name?: string;
  role?: Role;
  plan?: Plan | null;
  extension?: string | null;
  active?: boolean;
}

export interface ReadRow {
  row: number;
  /** As the file has them, for people. */
  email: string;
  name: string;
  /** What could be read, also where `errors` name other cells; null: nobody can tell whom the row is about. */
  wish: PersonWish | null;
  /** An earlier row is about the same person. */
  repeated: boolean;
  errors: ImportRow['errors'];
}

const fieldByTitle: Record<string, ImportField> = {
  name: 'name',
  fullname: 'name',
  username: 'name',
  email: 'email',
  emailaddress: 'email',
  mail: 'email',
  role: 'role',
  plan: 'plan',
  selectedplan: 'plan',
  extension: 'extension',
  phoneextension: 'extension',
  active: 'active',
  team: 'teams',
  teams: 'teams',
  supervises: 'supervises',
};

/** Everybody as a file that `readPeople` takes, with a column per connection that tells the CRM user. */
export function peopleCsv(
  people: readonly PersonRow[],
  connections: readonly { id: string; title: string }[],
  teams: readonly Team[],
): string {
  const membershipOf = membershipsOf(teams);
  return csvOf(
    [...Object.values(importTitles), ...connections.map(({ title }) => `CRM user (${title})`)],
    people.map((person) => [
      ...[person.name, person.email, person.role, person.plan ?? '', person.extension ?? ''],
      person.active ? 'yes' : 'no',
      ...[membershipOf(person.id).teams, membershipOf(person.id).supervises].map(teamNames),
      ...connections.map(({ id }) => {
        const user = person.crmUsers[id];
        return user == null ? '' : user.email || user.name;
      }),
    ]),
  );
}

/** Names of teams as one cell. */
export function teamNames(names: readonly string[]): string {
  return names.join(' | ');
}

/** Links to be sent out, each to whom it belongs. */
export function invitationsCsv(
  invitations: readonly { name: string; email: string; url: string }[],
): string {
  return csvOf(
    [importTitles.name, importTitles.email, 'Invitation link'],
    invitations.map(({ name, email, url }) => [name, email, url]),
  );
}

/**
 * Reads people out of CSV (comma, semicolon or tab; RFC 4180), with its titles in the first row. Throws `invalid-input` for a file
 * that cannot be read at all; what is wrong in a row stands with the row.
 */
export function readPeople(text: string): { rows: ReadRow[]; ignored: string[] } {
  const { data, errors } = papaparse.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimitersToGuess: [',', ';', '\t'],
  });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken !== undefined) {
    const message = `Row ${(broken.row ?? 0) + 1}: a quotation mark is not closed, or stands inside of a text.`;
    throw refused(`${message} Write "" for a quotation mark within a text.`);
  }
  const [first = [], ...rest] = data;
  const { fields, ignored } = readTitles(first);
  const filled = rest.flatMap((cells, at) =>
    cells.every((cell) => cell.trim() === '') ? [] : [{ row: at + 2, cells }],
  );
  if (filled.length === 0) throw refused('There is no row below the titles: add one per person.');
  if (filled.length > mostRows)
    throw refused(`There are ${filled.length} rows; at most ${mostRows} fit. Divide the file.`);
  const seen = new Map<string, number>();
  return {
    ignored,
    rows: filled.map(({ row, cells }) => {
      const read = readRow(row, cells, fields);
      const email = read.wish?.email;
      if (email === undefined) return read;
      const before = seen.get(email);
      if (before === undefined) {
        seen.set(email, row);
        return read;
      }
      const message = `Row ${before} is about the same e-mail address.`;
      const error = { field: 'email', message, fix: 'Keep one of the two rows.' };
      return { ...read, repeated: true, errors: [error, ...read.errors] };
    }),
  };
}

function readTitles(cells: string[]): { fields: (ImportField | null)[]; ignored: string[] } {
  const fields = cells.map((cell) => {
    const key = cell.toLowerCase().replaceAll(/[^a-z]/g, '');
    return Object.hasOwn(fieldByTitle, key) ? fieldByTitle[key]! : null;
  });
  if (!fields.includes('email')) {
    const all = Object.values(importTitles).join(', ');
    throw refused(`The first row has no title E-mail. Titles that are read: ${all}.`);
  }
  const twice = fields.find((field, at) => field !== null && fields.indexOf(field) !== at);
  if (twice) throw refused(`Two columns are called ${importTitles[twice]}. Remove one of them.`);
  const ignored = cells.flatMap((cell, at) => {
    const title = cleanText(cell, 60);
    return fields[at] === null && title !== '' ? [title] : [];
  });
  return { fields, ignored: ignored.slice(0, 50) };
}

function readRow(row: number, cells: string[], fields: (ImportField | null)[]): ReadRow {
  const errors: ImportRow['errors'] = [];
  const values: Partial<Record<ImportField, string>> = {};
  for (const [at, field] of fields.entries()) {
    // What csvOf puts before what a spreadsheet would take for a formula.
    if (field !== null) values[field] = (cells[at] ?? '').trim().replace(/^'(?=[=+\-@])/, '');
  }
  const shifted = cells.slice(fields.length).some((cell) => cell.trim() !== '');
  if (shifted) {
    const message = `This row has ${cells.length} cells; there are ${fields.length} titles.`;
    errors.push({ field: 'row', message, fix: 'Put a text that holds the separator in "…".' });
  }
  const wish: PersonWish = { email: '' };
  const take = (field: keyof typeof personInput.shape, value: unknown, fix: string) => {
    const result = personInput.shape[field].safeParse(value);
    if (result.success) Object.assign(wish, { [field]: result.data });
    else errors.push({ field, message: wrong(field, values[field] ?? ''), fix });
  };
  const { email = '', name, role, plan, extension, active } = values;
  take('email', email, 'Write it like ada@example.com.');
  if (name) take('name', name, 'Use at most 200 characters.');
  if (role) take('role', role.toLowerCase(), `Write ${oneOf(roles)}.`);
  if (plan !== undefined) {
    const known = plans.find((one) => one.toLowerCase() === plan.toLowerCase());
    const none = plan === '' || plan.toLowerCase() === 'none';
    take('plan', none ? null : (known ?? plan), `Write ${plans.join(', ')} or nothing.`);
  }
  if (extension !== undefined)
    take('extension', extension || null, 'Write digits (and * or #), at most 16, or nothing.');
  if (active) {
    const answer = { yes: true, true: true, '1': true, no: false, false: false, '0': false }[
      active.toLowerCase()
    ];
    if (typeof answer === 'boolean') wish.active = answer;
    else {
      const message = `‘${cleanText(active, 60)}’ is neither yes nor no.`;
      errors.push({ field: 'active', message, fix: 'Write yes or no.' });
    }
  }
  for (const field of ['teams', 'supervises'] as const) {
    const cell = values[field];
    if (cell === undefined) continue;
    const names = distinctNames(cell);
    if (names.every((each) => team.shape.name.safeParse(each).success)) wish[field] = names;
    else {
      const message = `A name of a team is longer than 100 characters.`;
      errors.push({ field, message, fix: 'Shorten it, or divide several names by |.' });
    }
  }
  return {
    row,
    email: cleanText(email, 254),
    name: cleanText(name ?? '', 200),
    wish: shifted || wish.email === '' ? null : wish,
    repeated: false,
    errors,
  };
}

/** Of two that differ by case alone the first. */
function distinctNames(cell: string): string[] {
  const names = cell.split('|').map((each) => cleanText(each, 400));
  const byName = new Map(names.toReversed().map((each) => [each.toLowerCase(), each]));
  byName.delete('');
  return [...byName.values()].toReversed();
}

function wrong(field: string, value: string): string {
  const title = importTitles[field as ImportField];
  return value === ''
    ? `${title} is missing.`
    : `‘${cleanText(value, 60)}’ is no ${title.toLowerCase()}.`;
}

/** 'a, b or c' */
const oneOf = (words: readonly string[]): string =>
  `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

function refused(message: string): RingsideError {
  return new RingsideError('invalid-input', 'This file cannot be read.', {
    fix: message,
    fields: [{ field: 'csv', message }],
  });
}
