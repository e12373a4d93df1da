import { CrmError } from '../crm/crm-error.ts';
import type { CrmConnection } from '../crm/port.ts';
import type { RecordKind } from '../crm/record.ts';
import { findOddities } from '../directory/find-oddities.ts';
import type { DirectoryOddity } from '../directory/find-oddities.ts';
import { pullDirectory } from '../directory/pull-directory.ts';
import type { PullResult } from '../directory/pull-directory.ts';
import { openConnection } from '../organization/open-connection.ts';
import type { OpenConnectionDeps } from '../organization/open-connection.ts';
import { RingsideError } from '../platform/errors.ts';
import type { Oddity } from './contract.ts';
import { lookAtCaseRight } from './look-at-case-right.ts';
import type { RunJournal } from './run-journal.ts';
import { paceOf, pullableKinds, withPull, withStep } from './run.ts';
import type { StoredRun } from './store.ts';

/** Which connection is checked. */
type Place = Pick<StoredRun, 'organizationId' | 'connectionId' | 'byNight'>;

/**
 * The whole check of a connection: the ten steps, whether cases can be opened, then the pull of every kind that the user may
 * read, then what is odd in the data; by night no pull. What it finds goes to the journal; a pull that fails is noted there and is no error.
 * Throws when the connection cannot be opened, and the signal's reason when it fires.
 */
export async function conductCheck(
  deps: OpenConnectionDeps,
  place: Place,
  journal: RunJournal,
  signal: AbortSignal,
): Promise<void> {
  const { organizationId, connectionId } = place;
  const { crm } = await openConnection(deps, organizationId, connectionId);
  try {
    for await (const progress of crm.check(signal)) {
      journal.update((found) => withStep(found, progress));
    }
    signal.throwIfAborted();
    const caseRight = await lookAtCaseRight(deps.db, place, crm, journal.findings.steps, signal);
    journal.update((found) => ({ ...found, caseRight }));
    if (place.byNight) return;
    await pull(deps, place, crm, journal, signal);
    const odd = await findOddities(deps.db, organizationId, connectionId);
    const oddities = odd.map((one) => presentOddity(one, crm));
    journal.update((found) => ({ ...found, oddities }));
  } finally {
    await crm.close();
  }
}

function presentOddity({ kind, count, examples }: DirectoryOddity, crm: CrmConnection): Oddity {
  const link = (record: Parameters<CrmConnection['link']>[0]): string | null => {
    try {
      return crm.link(record);
    } catch (error) {
      if (error instanceof CrmError) return null;
      throw error;
    }
  };
  return {
    kind,
    count,
    examples: examples.map(({ text, record }) => ({ text, link: link(record) })),
  };
}

async function pull(
  deps: OpenConnectionDeps,
  { organizationId, connectionId }: Place,
  crm: CrmConnection,
  journal: RunJournal,
  signal: AbortSignal,
): Promise<void> {
  const kinds = pullableKinds(journal.findings.steps);
  for (const { kind } of journal.findings.pulls.filter((one) => !kinds.includes(one.kind))) {
    const message = 'Not pulled, because a step above failed.';
    journal.update((found) => withPull(found, kind, { status: 'skipped', message }));
  }
  if (kinds.length === 0) return;
  const begun = new Map<RecordKind, number>();
  try {
    const result = await pullDirectory({ db: deps.db, crm }, organizationId, connectionId, {
      kinds,
      signal,
      onProgress({ kind, status, done, total }) {
        const since = begun.get(kind) ?? performance.now();
        begun.set(kind, since);
        const pace =
          status === 'done' ? { secondsLeft: 0 } : paceOf(done, total, performance.now() - since);
        journal.update((found) => withPull(found, kind, { status, done, total, ...pace }));
      },
    });
    journal.update((found) => ({ ...found, counts: countsOf(result) }));
    for (const kind of kinds) noteKept(journal, kind, result[kind]?.kept ?? 0);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    notePullFailure(journal, error);
  }
}

function countsOf(result: PullResult) {
  const count = (kind: RecordKind): number => result[kind]?.count ?? 0;
  return {
    users: count('users'),
    customers: count('customers'),
    contacts: count('contacts'),
    cases: count('cases'),
  };
}

function noteKept(journal: RunJournal, kind: RecordKind, kept: number): void {
  if (kept === 0) return;
  const message = `${kept.toLocaleString('en-US')} ${kind} are no longer in the CRM. So many at once look like a mistake, so they were kept.`;
  journal.update((found) => withPull(found, kind, { message }));
}

/** The kind that was being pulled failed, the ones after it were not begun. */
function notePullFailure(journal: RunJournal, error: unknown): void {
  if (!(error instanceof CrmError) && !(error instanceof RingsideError)) throw error;
  const message = [error.message, error.fix].filter(Boolean).join(' ');
  const at =
    journal.findings.pulls.find(({ status }) => status === 'running') ??
    journal.findings.pulls.find(({ status }) => status === 'waiting');
  for (const { kind, status } of journal.findings.pulls) {
    if (kind === at?.kind) {
      journal.update((found) =>
        withPull(found, kind, { status: 'failed', message, rate: null, secondsLeft: null }),
      );
    } else if (status === 'waiting') {
      journal.update((found) =>
        withPull(found, kind, {
          status: 'skipped',
          message: 'Not begun, because the pull failed.',
        }),
      );
    }
  }
}
