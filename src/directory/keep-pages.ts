import type { RecordPage } from '../crm/port.ts';
import type { RecordKind } from '../crm/record.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import { isKnown, loadPages, prepareLoad, writeLoad } from './load-pages.ts';
import type { PageLoad } from './load-pages.ts';
import { commitWithoutWaiting, saveProgress } from './pull-store.ts';
import type { KindProgress, PullScope } from './pull-store.ts';
import { preparePage, writePage } from './write-page.ts';
import type { PreparedPage } from './write-page.ts';

/** How far a pull of a kind is. */
export interface Course extends Omit<KindProgress, 'status'> {
  /** The number of the next page. */
  page: number;
  written: number;
}

/** What pulls which kind. */
export interface CourseDeps extends Lease, PullScope {
  kind: RecordKind;
  /**
   * The organization's countries with which numbers were read, the latest last; more than one when
   * it moved meanwhile.
   */
  homes: Set<string>;
}

export type PulledPage = PageLoad | PreparedPage;

/** Makes everything of a page that can be made while the database is busy with those before it. */
export function preparePull(
  { homes }: CourseDeps,
  fromEmpty: boolean,
): (records: RecordPage) => Promise<PulledPage> {
  return (records) =>
    fromEmpty ? prepareLoad(records, [...homes].at(-1) ?? '') : preparePage(records);
}

const isLoad = (page: PulledPage): page is PageLoad => 'tables' in page;

/**
 * Commits pages together with how far they bring the pull, and answers that. Those that are to be
 * loaded go in one transaction, which spares round trips; one by one where some are there already.
 */
export async function keepPages(
  pull: CourseDeps,
  from: Course,
  pages: PulledPage[],
): Promise<Course> {
  const { place, kind } = pull;
  const loads = pages.filter(isLoad);
  if (loads.length === pages.length)
    try {
      return await keep(pull, from, pages, (trx) => loadPages(trx, place, loads));
    } catch (error) {
      if (!isKnown(error)) throw error;
    }
  let course = from;
  for (const page of pages) {
    const number = course.page;
    course = await keep(pull, course, [page], (trx, home) =>
      isLoad(page)
        ? writeLoad(trx, place, page)
        : writePage(trx, place, { kind, page: number, types: page.types, home }),
    );
  }
  return course;
}

async function keep(
  pull: CourseDeps,
  from: Course,
  pages: PulledPage[],
  write: (trx: Database, home: string) => Promise<number>,
): Promise<Course> {
  const { place, kind, homes } = pull;
  const course = pages.reduce(after, from);
  return whileInCharge(pull, async (trx) => {
    await commitWithoutWaiting(trx);
    // Read with each page: the organization may have moved to another country meanwhile. Pages that wait were read with the
    // one before, which is in `homes` then: at the end of the pull all numbers are read again.
    const home = (await organizationById(trx, place.organizationId))?.country ?? '';
    homes.delete(home);
    homes.add(home);
    await saveProgress(trx, place, pull, kind, { ...course, status: 'running' });
    const written = await write(trx, home);
    return { ...course, written: course.written + written };
  });
}

function after(course: Course, page: PulledPage): Course {
  return {
    ...course,
    done: course.done + page.count,
    total: page.total ?? course.total,
    cursor: page.cursor,
    page: course.page + 1,
  };
}
