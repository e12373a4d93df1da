import type { Field } from '../schema/field.ts';
import type { Operator } from './parse-query.ts';
import { formatDate, scriptValue, type ScriptContext } from './script-value.ts';

/** Decides about a stored value; `display` is what the value is shown as, worked out only when needed. */
export type Comparison = (value: string, display: () => string) => boolean;

/**
 * What an operator with this value means for a field. Texts are compared without regard to case, as the database of a real instance does;
 * empty values are less and greater than nothing, and unequal to everything (§1.3).
 * Null when the operator does not exist for queries over REST.
 */
export function compareWith(
  field: Field,
  operator: Operator,
  text: string,
  context: ScriptContext,
): Comparison | null {
  const value = readValue(field, text, context);
  const lower = value.toLowerCase();
  switch (operator) {
    case '=':
      return equals(field, lower);
    case '!=': {
      const same = equals(field, lower);
      return (actual, display) => !same(actual, display);
    }
    case 'IN':
    case 'NOT IN': {
      const list = new Set(
        text.split(',').map((each) => readValue(field, each, context).toLowerCase()),
      );
      return operator === 'IN'
        ? (actual) => list.has(actual.toLowerCase())
        : (actual) => !list.has(actual.toLowerCase());
    }
    case 'LIKE':
    case '*':
      return onText(field, (actual) => actual.includes(lower));
    case 'NOT LIKE':
    case '!*':
      return onText(field, (actual) => !actual.includes(lower));
    case 'STARTSWITH':
      return onText(field, (actual) => actual.startsWith(lower));
    case 'ENDSWITH':
    case '%':
      return onText(field, (actual) => actual.endsWith(lower));
    case 'ISEMPTY':
    case 'EMPTYSTRING':
      return (actual) => actual === '';
    case 'ISNOTEMPTY':
      return (actual) => actual !== '';
    case 'ANYTHING':
      return () => true;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(field, operator, lower);
    case 'BETWEEN': {
      const [from = '', to = ''] = text
        .split('@')
        .map((each) => readValue(field, each, context).toLowerCase());
      const [above, below] = [ordered(field, '>=', from), ordered(field, '<=', to)];
      return (actual, display) => above(actual, display) && below(actual, display);
    }
    case 'DYNAMIC':
      // the only dynamic filter there is: 'Me'
      return (actual) => actual === context.userId;
    case 'IN_HIERARCHY':
      return (actual) => actual.toLowerCase() === lower;
    default:
      return compareDates(operator, text, context);
  }
}

function compareDates(operator: Operator, text: string, context: ScriptContext): Comparison | null {
  const parts = text.split('@');
  switch (operator) {
    case 'ON':
    case 'NOTON': {
      // fONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday(), or a plain day
      const [day = '', from, to] = parts;
      const begin = from === undefined ? `${day.slice(0, 10)} 00:00:00` : readDate(from, context);
      const end = to === undefined ? `${day.slice(0, 10)} 23:59:59` : readDate(to, context);
      return (actual) =>
        (actual >= begin && actual <= end && actual !== '') === (operator === 'ON');
    }
    case 'RELATIVEGT':
    case 'RELATIVEGE':
    case 'RELATIVELT':
    case 'RELATIVELE':
    case 'RELATIVEEE': {
      // fRELATIVEGT@hour@ago@1
      const [, unit = 'hour', direction = 'ago', count = '0'] = parts;
      const seconds =
        {
          minute: 60,
          hour: 3600,
          dayofweek: 86_400,
          week: 604_800,
          month: 2_592_000,
          quarter: 7_776_000,
          year: 31_536_000,
        }[unit] ?? 3600;
      const shift = seconds * 1000 * Number(count) * (direction === 'ahead' ? 1 : -1);
      const moment = formatDate(new Date(context.now.getTime() + shift));
      if (operator === 'RELATIVEEE') return (actual) => actual.slice(0, 10) === moment.slice(0, 10);
      const compare = operator.endsWith('GT') || operator.endsWith('GE');
      return (actual) => actual !== '' && (compare ? actual >= moment : actual <= moment);
    }
    case 'DATEPART': {
      // opened_atDATEPARTMonday@javascript:gs.datePart('dayofweek','monday','EE')
      const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
      const day = days.indexOf((parts[0] ?? '').toLowerCase());
      return (actual) =>
        actual !== '' && new Date(`${actual.replace(' ', 'T')}Z`).getUTCDay() === day;
    }
    default:
      return null;
  }
}

function readValue(field: Field, text: string, context: ScriptContext): string {
  const value = text.startsWith('javascript:')
    ? (scriptValue(text.slice(11), context) ?? '')
    : text;
  if (field.type === 'boolean')
    return value === '1' || value.toLowerCase() === 'true' ? 'true' : value === '' ? '' : 'false';
  return value;
}

function readDate(text: string, context: ScriptContext): string {
  return text.startsWith('javascript:') ? (scriptValue(text.slice(11), context) ?? '') : text;
}

function equals(field: Field, lower: string): Comparison {
  if (field.type === 'boolean') return (actual) => (actual === 'true') === (lower === 'true');
  if (field.type === 'integer' && lower !== '')
    return (actual) => actual !== '' && Number(actual) === Number(lower);
  // a date without a time of day is that day's midnight
  const wanted = field.type === 'date-time' && lower.length === 10 ? `${lower} 00:00:00` : lower;
  return (actual) => actual.length === wanted.length && actual.toLowerCase() === wanted;
}

/** On references the text operators look at what is shown for the record (§1.3). */
function onText(field: Field, holds: (lower: string) => boolean): Comparison {
  if (field.type === 'reference') return (_, display) => holds(display().toLowerCase());
  return (actual) => holds(actual.toLowerCase());
}

function ordered(field: Field, operator: '<' | '<=' | '>' | '>=', wanted: string): Comparison {
  const holds = {
    '<': (n: number) => n < 0,
    '<=': (n: number) => n <= 0,
    '>': (n: number) => n > 0,
    '>=': (n: number) => n >= 0,
  }[operator];
  if (field.type === 'integer')
    return (actual) => actual !== '' && holds(Number(actual) - Number(wanted));
  return (actual) => {
    if (actual === '') return false;
    const lower = actual.toLowerCase();
    return holds(lower < wanted ? -1 : lower > wanted ? 1 : 0);
  };
}
