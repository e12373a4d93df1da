import { findMatches } from '../calls/describe-calls.ts';
import { matchOf } from '../calls/call-match-store.ts';
import type { CallMatch } from '../calls/call-match-store.ts';
import { phonesOfCall } from '../calls/call-phone-store.ts';
import type { CallPhone } from '../calls/call-phone-store.ts';
import { journalOf } from '../calls/journal-store.ts';
import { callById } from '../calls/store.ts';
import type { StoredCall } from '../calls/store.ts';
import { linkOfKey } from '../desk/candidate-link.ts';
import { readFacts } from '../desk/organization-facts.ts';
import { chosenCandidates } from '../desk/store.ts';
import { mirrorAge } from '../directory/mirror-store.ts';
import { callerNumber } from '../directory/phone-number.ts';
import { unlocks } from '../organization/features.ts';
import { includesRole } from '../organization/plan.ts';
import { peopleOf } from '../organization/person-store.ts';
import { phoneSystemsOf } from '../organization/phone-system-store.ts';
import { mappingsOf } from '../organization/mapping-store.ts';
import type { Viewer } from '../organization/viewer.ts';
import { RingsideError } from '../platform/errors.ts';
import type { CallStep, CallStory, FoundParty, Mend } from './contract.ts';
import { hadSameCaller } from './known-caller-store.ts';
import { explainMatch, explainPop } from './explain-pop.ts';
import { requireHistory } from './list-calls.ts';
import type { ReportDeps } from './list-calls.ts';
import { presentCalls } from './present-call.ts';
import { reachOf, reaches, reachesPerson } from './reach.ts';
import { clockAhead, stepsOf } from './step.ts';

/**
 * What happened to one call, step by step, who its caller was found to be, and why it popped or did not for each phone that took part.
 * A call that became part of another leads to that one. Throws `not-found` also for calls that the viewer may not see.
 */
export async function showCall(
  deps: ReportDeps,
  viewer: Viewer,
  callId: string,
): Promise<CallStory> {
  requireHistory(viewer);
  const { db } = deps;
  const { organizationId } = viewer;
  const call = await visibleCall(deps, viewer, callId);
  const [phones, journal, match, choices, facts, people, mappings, systems] = await Promise.all([
    phonesOfCall(db, organizationId, call.id),
    journalOf(db, organizationId, call.id),
    matchOfCall(deps, organizationId, call),
    chosenCandidates(db, organizationId, [call.id]),
    readFacts(db, organizationId),
    peopleOf(db, organizationId),
    mappingsOf(db, organizationId),
    phoneSystemsOf(db, organizationId),
  ]);
  const [listed] = await presentCalls(deps, organizationId, [call], facts.country, wholeNote);
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const nameOf = (phone: CallPhone) =>
    phone.personId === null ? null : (names.get(phone.personId) ?? null);
  const named = new Map(phones.map((phone) => [phone.extension, nameOf(phone)]));
  const naming = (raw: string | null) => {
    if (raw === null) return 'The other side';
    const name = named.get(raw);
    return name ? `${name} (${raw})` : callerNumber(raw, facts.country).display || 'nobody';
  };
  const mapped = new Set(mappings.map(({ personId }) => personId));
  const mendable = includesRole(viewer.role, 'administrator');
  const pops = phones.map((phone) =>
    explainPop(phone, {
      person: nameOf(phone),
      endedAt: partEnd(call, phone.extension),
      mended:
        phone.sentAt === null &&
        people.some(
          ({ id, extension, plan, active }) =>
            active &&
            extension === phone.extension &&
            unlocks(plan, 'screen-pops') &&
            mapped.has(id) &&
            !wasReady(phone),
        ),
    }),
  );
  const steps = [
    ...stepsOf(journal, naming),
    ...deliverySteps(phones, (phone) => nameOf(phone) ?? `Extension ${phone.extension}`),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return {
    call: listed!,
    source: {
      phoneSystem: systems.find(({ id }) => id === call.phoneSystemId)?.name ?? '',
      id: call.sourceId,
    },
    held: call.held,
    recording: call.recording,
    clockAhead: clockAhead(journal),
    found:
      match === null
        ? null
        : {
            ...presentMatch(match, facts.link, choices.get(call.id) ?? null),
            ...forReader(explainMatch(match, listed!.name), mendable),
          },
    ...whyNothingRang(call, phones),
    pops: pops.map((pop) => forReader(pop, mendable)),
    steps,
  };
}

/** As kept when a Desk was told of the call or it was over; before that, as found now. */
async function matchOfCall(
  { db, clock }: ReportDeps,
  organizationId: string,
  call: StoredCall,
): Promise<(CallMatch & { asOf: Date | null }) | null> {
  const { kept, found } = await findMatches(db, organizationId, [call], clock.now());
  const [now] = found;
  if (now === undefined) return kept.get(call.id) ?? null;
  return { ...matchOf(now), asOf: await mirrorAge(db, organizationId) };
}

/** More than anybody may type. */
const wholeNote = 100_000;

async function visibleCall(deps: ReportDeps, viewer: Viewer, callId: string): Promise<StoredCall> {
  const { organizationId } = viewer;
  let call = await callById(deps.db, organizationId, callId);
  for (let hops = 0; call !== null && call.mergedInto !== null && hops < 10; hops += 1)
    call = await callById(deps.db, organizationId, call.mergedInto);
  if (call !== null && call.testId === null && (await maySee(deps, viewer, call))) return call;
  throw new RingsideError(
    'not-found',
    'There is no such call, or it is not among those that you may see.',
    {
      fix: 'An administrator sees every call.',
    },
  );
}

async function maySee(deps: ReportDeps, viewer: Viewer, call: StoredCall): Promise<boolean> {
  const { reach, extensions } = await reachOf(deps, viewer, undefined);
  // Of a call that is over the extension may be somebody else's by now.
  if (reaches(reach, call, call.endedAt === null ? extensions : new Set())) return true;
  const phones = await phonesOfCall(deps.db, viewer.organizationId, call.id);
  if (phones.some(({ personId }) => reachesPerson(reach, personId))) return true;
  return hadSameCaller(deps.db, viewer.organizationId, viewer.personId, call.id);
}

function wasReady({ personId, plan, mapped }: CallPhone): boolean {
  return personId !== null && (plan ?? '') !== '' && mapped;
}

/** When an extension's part in the call was over. */
function partEnd(call: StoredCall, extension: string): Date | null {
  const own = call.legs.filter((leg) => leg.extension === extension);
  if (own.some((leg) => leg.endedAt === null)) return call.endedAt;
  const ends = own.flatMap((leg) => leg.endedAt ?? []);
  return ends.toSorted((a, b) => Number(a) - Number(b)).at(-1) ?? call.endedAt;
}

/** Of a call at which no phone of the house took part. */
function whyNothingRang(
  { direction, result, queue }: StoredCall,
  phones: readonly CallPhone[],
): Pick<CallStory, 'text' | 'mend'> {
  if (phones.length > 0 || direction !== 'inbound') return { text: null, mend: null };
  const where =
    queue === null ? 'the phone system dealt with it by itself' : `it waited in the queue ${queue}`;
  if (result === 'answered')
    return {
      text: 'The phone system says that the call was answered, but not at which extension, so it popped for nobody.',
      mend: {
        text: "Have the phone system name the extensions that ring: with webhooks that is 'user'.",
        to: null,
      },
    };
  return { text: `The call reached no extension: ${where}. So it popped for nobody.`, mend: null };
}

function deliverySteps(
  phones: readonly CallPhone[],
  whose: (phone: CallPhone) => string,
): CallStep[] {
  const step = (at: Date, text: string): CallStep => ({
    at: at.toISOString(),
    source: 'desk',
    text,
    tone: 'plain',
  });
  return phones.flatMap((phone) => [
    ...(phone.sentAt === null ? [] : [step(phone.sentAt, `The pop goes to ${whose(phone)}`)]),
    ...(phone.shownAt === null
      ? []
      : [step(phone.shownAt, `${whose(phone)} sees it in ${phone.shownIn ?? 'a browser'}`)]),
  ]);
}

function presentMatch(
  match: CallMatch & { asOf: Date | null },
  link: Parameters<typeof linkOfKey>[0],
  choice: string | null,
): Omit<FoundParty, 'text' | 'mend'> {
  const only = match.status === 'one' ? match.candidates[0]?.key : undefined;
  const chosen = match.candidates.find(({ key }) => key === (choice ?? only))?.key ?? null;
  return {
    at: match.matchedAt.toISOString(),
    number: match.number,
    e164: match.e164,
    status: match.status,
    candidates: match.candidates.map((candidate) => ({
      ...candidate,
      link: linkOfKey(link, candidate.key),
    })),
    candidateCount: match.candidateCount,
    chosen,
    asOf: match.asOf?.toISOString() ?? null,
  };
}

/** Who cannot mend it is told whom to ask. */
function forReader<T extends { mend: Mend | null }>(told: T, mendable: boolean): T {
  const { mend } = told;
  if (mend === null || mendable || !mend.to?.startsWith('/admin')) return told;
  return { ...told, mend: { text: `Ask an administrator: ${mend.text}`, to: null } };
}
