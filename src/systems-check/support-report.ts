import type { CheckRun } from './contract.ts';
import type { HouseRun, HouseStep } from './house-contract.ts';
import type { TestCall } from './test-call-contract.ts';

export interface ReportFacts {
  /** Of Ringside. */
  version: string;
  node: string;
  os: string;
  /** Of PostgreSQL. */
  database: string;
  now: Date;
  house: Pick<HouseRun, 'status' | 'startedAt' | 'steps'> | null;
  connections: {
    platform: string;
    state: string;
    run: Pick<CheckRun, 'status' | 'startedAt' | 'steps' | 'pulls' | 'counts' | 'caseRight'> | null;
  }[];
  /** The latest of the organization; null: none was ever placed. */
  testCall: Pick<TestCall, 'status' | 'startedAt' | 'phoneSystemId' | 'hops'> | null;
  /** The kinds of the phone systems, by their ids. */
  phoneSystems: ReadonlyMap<string, string>;
}

/**
 * The report for support. Made of statuses, codes, times and counts alone: the texts of steps name people, numbers and addresses, and
 * stay where they are.
 */
export function supportReport(facts: ReportFacts): string {
  return [
    `Ringside ${facts.version} on Node.js ${facts.node}, ${facts.os}, PostgreSQL ${facts.database}`,
    `Report of ${facts.now.toISOString()}`,
    '',
    ...houseLines(facts),
    '',
    ...testCallLines(facts),
    ...facts.connections.flatMap((connection, at) => ['', ...connectionLines(connection, at + 1)]),
    '',
  ].join('\n');
}

function houseLines({ house, phoneSystems }: ReportFacts): string[] {
  if (house === null) return ['Ringside itself: never checked'];
  const counts = new Map<string, number>();
  const lines = house.steps.map((step) => {
    const number = (counts.get(step.kind) ?? 0) + 1;
    counts.set(step.kind, number);
    return stepLine(nameOf(step, number, phoneSystems), step);
  });
  return [`Ringside itself: ${house.status} (${house.startedAt})`, ...lines];
}

function testCallLines({ testCall, phoneSystems }: ReportFacts): string[] {
  if (testCall === null) return ['Test call: never placed'];
  const { status, startedAt, phoneSystemId, hops } = testCall;
  const kind = phoneSystems.get(phoneSystemId) ?? 'removed';
  return [
    `Test call (${kind}): ${status} (${startedAt})`,
    ...hops.map((hop) => stepLine(hop.id, hop)),
  ];
}

function nameOf(
  { id, kind }: HouseStep,
  number: number,
  phoneSystems: ReportFacts['phoneSystems'],
): string {
  if (kind === 'mapping') return `mapping ${number}`;
  if (kind !== 'phone-system') return kind;
  return `phone-system ${number} (${phoneSystems.get(id.slice(id.indexOf(':') + 1)) ?? 'removed'})`;
}

function connectionLines(
  { platform, state, run }: ReportFacts['connections'][number],
  number: number,
): string[] {
  const title = `Connection ${number} (${platform}), light ${state}`;
  if (run === null) return [`${title}: never checked`];
  const counts =
    run.counts === null
      ? []
      : [
          `  counts: ${Object.entries(run.counts)
            .map(([kind, count]) => `${kind} ${count}`)
            .join(', ')}`,
        ];
  return [
    `${title}: ${run.status} (${run.startedAt})`,
    ...run.steps.map((step) => stepLine(step.id, step)),
    ...caseRightLine(run.caseRight),
    ...run.pulls.map(
      ({ kind, status, done }) => `  ${status.padEnd(8)} pull ${kind}, ${done} done`,
    ),
    ...counts,
  ];
}

function caseRightLine(right: CheckRun['caseRight']): string[] {
  return right === null ? [] : [`  ${right.answer.padEnd(8)} opening cases [${right.code}]`];
}

function stepLine(
  name: string,
  { status, code, ms }: { status: string; code: string | null; ms: number | null },
): string {
  const time = ms === null ? '' : `, ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  return `  ${status.padEnd(8)} ${name}${code === null ? '' : ` [${code}]`}${time}`;
}
