/**
 * Values of the form `javascript:gs.daysAgoStart(7)`: the few calls that integrations use. Days begin at midnight UTC, because the sandbox's users
 * live in GMT.
 */
export interface ScriptContext {
  now: Date;
  userId: string;
}

const hour = 3_600_000;
const units: Record<string, number> = {
  minutes: 60_000,
  hours: hour,
  days: 24 * hour,
  weeks: 7 * 24 * hour,
};

/** Dates come back as `YYYY-MM-DD HH:mm:ss`; null when the script is not known. */
export function scriptValue(script: string, { now, userId }: ScriptContext): string | null {
  const call = /^gs\.(\w+)\(([^)]*)\)$/.exec(script.trim());
  if (!call) return null;
  const [, name = '', inside = ''] = call;
  const [first = '', second = ''] = inside
    .split(',')
    .map((each) => each.trim().replace(/^['"]|['"]$/g, ''));
  if (name === 'getUserID') return userId;
  if (name === 'now' || name === 'nowDateTime') return formatDate(now);
  if (name === 'dateGenerate') return `${first} ${dayTime(second)}`;
  const ago = /^(minutes|hours|days|weeks|months|quarters|years)Ago(Start|End)?$/.exec(name);
  if (ago) return formatDate(edge(back(now, ago[1]!, Number(first || 0)), ago[2]));
  const period =
    /^(beginningOf|endOf)(Today|Yesterday|Tomorrow|ThisWeek|LastWeek|ThisMonth|LastMonth|ThisYear)$/.exec(
      name,
    );
  if (period) return formatDate(periodEdge(now, period[2]!, period[1] === 'endOf'));
  return null;
}

export function formatDate(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

function dayTime(word: string): string {
  if (word === 'start' || word === '') return '00:00:00';
  return word === 'end' ? '23:59:59' : word;
}

function back(now: Date, unit: string, count: number): Date {
  const length = units[unit];
  if (length !== undefined) return new Date(now.getTime() - count * length);
  const months = { months: 1, quarters: 3, years: 12 }[unit] ?? 1;
  const date = new Date(now);
  date.setUTCMonth(date.getUTCMonth() - count * months);
  return date;
}

function edge(date: Date, which: string | undefined): Date {
  if (which === undefined) return date;
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return new Date(which === 'Start' ? start : start + 24 * hour - 1000);
}

function periodEdge(now: Date, period: string, end: boolean): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const weekday = (now.getUTCDay() + 6) % 7;
  const spans: Record<string, [number, number]> = {
    Today: [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)],
    Yesterday: [Date.UTC(year, month, day - 1), Date.UTC(year, month, day)],
    Tomorrow: [Date.UTC(year, month, day + 1), Date.UTC(year, month, day + 2)],
    ThisWeek: [Date.UTC(year, month, day - weekday), Date.UTC(year, month, day - weekday + 7)],
    LastWeek: [Date.UTC(year, month, day - weekday - 7), Date.UTC(year, month, day - weekday)],
    ThisMonth: [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)],
    LastMonth: [Date.UTC(year, month - 1, 1), Date.UTC(year, month, 1)],
    ThisYear: [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)],
  };
  const [from, to] = spans[period]!;
  return new Date(end ? to - 1000 : from);
}
