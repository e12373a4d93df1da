import type { CallPhone } from '../calls/call-phone-store.ts';
import type { CallMatch } from '../calls/call-match-store.ts';
import { unlocks } from '../organization/features.ts';
import { plans } from '../organization/plan.ts';
import type { Plan } from '../organization/plan.ts';
import type { FoundParty, Mend, PopReason } from './contract.ts';

/** What an explanation rests on beside what was kept of the call. */
export interface PopFacts {
  /** Whose the extension was; null: nobody's, or somebody's who is gone. */
  person: string | null;
  /** When it stopped ringing there, or the call was over. */
  endedAt: Date | null;
  /** Whether the same extension would get a pop now. */
  mended: boolean;
}

const mappings = '/admin/organization#crm-user-mappings';
/** Slower than this is worth a word. */
const promptMs = 2_000;

/** Why a pop came to an extension or did not, and what to do about it. */
export function explainPop(phone: CallPhone, facts: PopFacts): PopReason {
  const { text, mend, verdict } = judge(phone, facts);
  return {
    extension: phone.extension,
    person: facts.person,
    rangAt: phone.rangAt?.toISOString() ?? null,
    mapped: phone.mapped,
    plan: phone.plan,
    sentAt: phone.sentAt?.toISOString() ?? null,
    browsers: phone.browsers,
    shownAt: phone.shownAt?.toISOString() ?? null,
    shownIn: phone.shownIn,
    verdict,
    text,
    mend,
  };
}

type Judgement = Pick<PopReason, 'text' | 'mend' | 'verdict'>;

function judge(phone: CallPhone, facts: PopFacts): Judgement {
  if (phone.sentAt !== null) return delivered(phone, phone.sentAt, facts);
  const { extension } = phone;
  const who = facts.person ?? `Extension ${extension}`;
  const none = (text: string, mend: Mend | null): Judgement => ({
    verdict: 'none',
    text: facts.mended ? `${text} That has been mended since.` : text,
    mend: facts.mended ? null : mend,
  });
  if (phone.personId === null)
    return none(`Extension ${extension} belonged to nobody, so the call had no Desk to pop on.`, {
      text: `Give the extension ${extension} to somebody.`,
      to: mappings,
    });
  if (!unlocks(planOf(phone.plan), 'screen-pops'))
    return none(`${who} had no plan; pops need the View plan or a higher one.`, {
      text: `Choose a plan for ${who}.`,
      to: mappings,
    });
  if (!phone.mapped)
    return none(`${who} was not mapped to a ServiceNow user.`, {
      text: `Map ${who} to a ServiceNow user.`,
      to: mappings,
    });
  return {
    verdict: 'none',
    text: `${who} had the Desk open in no browser while the call was up.`,
    mend: {
      text: 'Keep the Desk open in a tab during work; it may be in the background.',
      to: '/desk',
    },
  };
}

function delivered(phone: CallPhone, sentAt: Date, facts: PopFacts): Judgement {
  const who = facts.person ?? `Extension ${phone.extension}`;
  const { shownAt, rangAt } = phone;
  if (facts.endedAt !== null && sentAt > facts.endedAt)
    return {
      verdict: shownAt === null ? 'sent' : 'shown',
      text: `${who} opened the Desk only when the call was over there: until then no browser had it open.`,
      mend: {
        text: 'Keep the Desk open in a tab during work; it may be in the background.',
        to: '/desk',
      },
    };
  const late = rangAt === null ? 0 : sentAt.getTime() - rangAt.getTime();
  const after =
    late < promptMs ? '' : ` ${secondsText(late)} after the first ring, when a browser connected`;
  if (shownAt === null)
    return {
      verdict: 'sent',
      text: `The pop went to ${browsersText(phone.browsers)} of ${who}${after}, but none said that it showed it.`,
      mend: {
        text: 'The tab may have been asleep: reload the Desk, and allow notifications so that it wakes.',
        to: '/desk',
      },
    };
  const took = shownAt.getTime() - (rangAt ?? sentAt).getTime();
  const where = phone.shownIn === null ? 'a browser' : phone.shownIn;
  return {
    verdict: 'shown',
    text:
      rangAt === null
        ? `${who} saw the call in ${where}.`
        : `${who} saw the pop in ${where}, ${secondsText(Math.max(took, 0))} after the first ring.`,
    mend: null,
  };
}

function planOf(plan: string | null): Plan | null {
  return plans.find((known) => known === plan) ?? null;
}

function browsersText(browsers: number | null): string {
  return browsers === null || browsers === 1 ? 'a browser' : `${browsers} browsers`;
}

function secondsText(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** Why nobody was found for a number; both null when somebody was. `named`: who the call is with by now, '' for nobody. */
export function explainMatch(
  match: CallMatch & { asOf: Date | null },
  named: string,
): Pick<FoundParty, 'text' | 'mend'> {
  const why = explainNobody(match);
  if (why.text === null || named === '') return why;
  return { text: `${why.text} Since then the call is linked with ${named}.`, mend: null };
}

function explainNobody(
  match: CallMatch & { asOf: Date | null },
): Pick<FoundParty, 'text' | 'mend'> {
  if (match.status === 'anonymous')
    return {
      text: 'The caller withheld the number, so nobody could be looked up.',
      mend: null,
    };
  if (match.status !== 'none') return { text: null, mend: null };
  if (match.e164 === null)
    return {
      text: `'${match.number}' is no telephone number that can be called from outside, so nobody could be looked up.`,
      mend: {
        text: 'If it is one, the phone system sends it in an unusual form: have it send numbers with their country code.',
        to: null,
      },
    };
  if (match.asOf === null)
    return {
      text: 'Nothing had been read from ServiceNow yet, so nobody could be found.',
      mend: { text: 'Run the Systems Check.', to: '/admin/organization#crm-settings' },
    };
  return {
    text: `No record in ServiceNow had the number ${match.e164} in any of its telephone fields.`,
    mend: {
      text: 'Attach the number to the right contact on the Desk, or add it in ServiceNow.',
      to: '/desk',
    },
  };
}
