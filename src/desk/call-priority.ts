import type { Call } from '../calls/call.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { callPriorities } from '../organization/call-priority.ts';
import type { CallPriority, PriorityRule } from '../organization/call-priority.ts';
import type { Match } from './contract.ts';

/** How urgent a call is, and which rule says so. */
export interface RankedCall {
  level: CallPriority;
  /** For people: 'company Acme'. */
  why: string;
}

/** 0 is the most urgent. */
export function priorityRank(level: CallPriority | undefined): number {
  return callPriorities.indexOf(level ?? 'normal');
}

/**
 * The first rule that fits an incoming call; null when none does. Company and open cases count once it is known who calls; of several
 * candidates with one company the company does.
 */
export function priorityOf(
  rules: readonly PriorityRule[],
  call: Pick<Call, 'direction' | 'queue' | 'to'>,
  match: Match,
  country: string,
): RankedCall | null {
  if (rules.length === 0 || call.direction !== 'inbound') return null;
  const chosen = match.candidates.find(({ key }) => key === match.chosen);
  const company =
    (chosen?.kind === 'customer' ? chosen.name : chosen?.customer?.name) ??
    match.sharedCustomer?.name ??
    '';
  const urgent = Math.min(99, ...(chosen?.openCases ?? []).map((one) => one.priorityRank));
  const why = ({ when, values, casePriority }: PriorityRule): string | null => {
    switch (when) {
      case 'company':
        return has(values, company) ? `company ${company}` : null;
      case 'queue':
        return has(values, call.queue ?? '') ? `queue ${call.queue}` : null;
      case 'open-case':
        return urgent <= casePriority ? `open case of priority ${urgent}` : null;
      case 'number': {
        const dialled = callerNumber(call.to ?? '', country);
        const fits = values.some((text) => sameNumber(callerNumber(text, country), dialled));
        return fits ? `number ${dialled.display}` : null;
      }
    }
  };
  for (const rule of rules) {
    const reason = why(rule);
    if (reason !== null) return { level: rule.priority, why: reason };
  }
  return null;
}

function has(values: readonly string[], text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted !== '' && values.some((value) => value.toLowerCase() === wanted);
}

type Dialled = ReturnType<typeof callerNumber>;

/** By what can be dialled from anywhere; an extension by its digits. */
function sameNumber(a: Dialled, b: Dialled): boolean {
  if (a.e164 !== null && b.e164 !== null) return a.e164 === b.e164;
  return a.raw !== '' && a.raw === b.raw;
}
