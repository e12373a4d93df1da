import type { RecordPage } from '../crm/port.ts';
import type { RecordKind } from '../crm/record.ts';
import { organizationById } from '../organization/organization-store.ts';
import type { Database } from '../platform/database/database.ts';
import { whileInCharge } from './lease.ts';
import type { Lease } from './lease.ts';
import { isKnown, loadPages, prepareLoad } from './load-pages.ts';
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

export interface PulledPage {
  page: PreparedPage;
  /** Null where the mirror had records of the kind before. */
  load: PageLoad | null;
}

/** Makes everything of a page that can be made while the database is busy with those before it. */
export function preparePull(
  { place, homes }: CourseDeps,
  fromEmpty: boolean,
): (records: RecordPage) => Promise<PulledPage> {
  return async (records) => {
    const page = await preparePage(records);
    const home = [...homes].at(-1) ?? '';
    return { page, load: fromEmpty ? await prepareLoad(page, place, home) : null };
  };
}

/**
 * Commits pages together with how far they bring the pull, and answers that. Those that are to be
 * loaded go in one transaction, which spares round trips.
 */
export async function keepPages(
  pull: CourseDeps,
  from: Course,
  pages: PulledPage[],
): Promise<Course> {
  const loads = pages.flatMap(({ load }) => load ?? []);
  const loaded = loads.length === pages.length ? await keepLoads(pull, from, pages, loads) : null;
  if (loaded !== null) return loaded;
  let course = from;
  for (const one of pages) {
    const number = from.fromEmpty ? null : course.page;
    course = await keep(pull, course, [one], (trx, home) =>
      writePage(trx, pull.place, { kind: pull.kind, page: number, types: one.page.types, home }),
    );
  }
  return course;
}

/** Null when they cannot be loaded as they are: some are there already, or the organization moved. */
async function keepLoads(
  pull: CourseDeps,
  from: Course,
  pages: PulledPage[],
  loads: PageLoad[],
): Promise<Course | null> {
  try {
    return await keep(pull, from, pages, (trx, home) => {
      if (loads.some((load) => load.home !== home)) throw new Moved();
      return loadPages(trx, loads);
    });
  } catch (error) {
    if (error instanceof Moved || isKnown(error)) return null;
    throw error;
  }
}

class Moved extends Error {}

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
    // Read with each page: the organization may have moved to another country meanwhile.
    const home = (await organizationById(trx, place.organizationId))?.country ?? '';
    homes.delete(home);
    homes.add(home);
    await saveProgress(trx, place, pull, kind, { ...course, status: 'running' });
    const written = await write(trx, home);
    return { ...course, written: course.written + written };
  });
}

function after(course: Course, { page }: PulledPage): Course {
  return {
    ...course,
    done: course.done + page.count,
    total: page.total ?? course.total,
    cursor: page.cursor,
    page: course.page + 1,
  };
}
