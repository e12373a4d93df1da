import { styleText } from 'node:util';
import { recordKinds } from '../crm/record.ts';
import type { CheckProgress, CheckStep } from '../crm/check-step.ts';
import type { RecordKind } from '../crm/record.ts';

/** What `ringside check --json` prints; a public interface. A count is null where the instance did not tell. */
export interface CheckReport {
  /** No step failed; warnings are allowed. */
  ok: boolean;
  steps: CheckStep[];
  counts: Record<RecordKind, number | null>;
}

export const emptyReport: CheckReport = {
  ok: true,
  steps: [],
  counts: { users: null, customers: null, contacts: null, cases: null },
};

/** The report after one more step. */
export function addStep(
  report: CheckReport,
  progress: Extract<CheckProgress, { type: 'finished' }>,
): CheckReport {
  const { step, count } = progress;
  return {
    ok: report.ok && step.status !== 'fail',
    steps: [...report.steps, step],
    counts: count === null ? report.counts : { ...report.counts, [count.kind]: count.total },
  };
}

type Stream = NodeJS.WriteStream;

const marks = {
  pass: { mark: '✓', colour: 'green' },
  warn: { mark: '!', colour: 'yellow' },
  fail: { mark: '✗', colour: 'red' },
  skip: { mark: '-', colour: 'gray' },
} as const;

/** A finished step for people, in a few lines. Colours only where `stream` can show them. */
export function describeStep(step: CheckStep, stream: Stream): string {
  const { mark, colour } = marks[step.status];
  const time = step.status === 'skip' ? '' : styleText('gray', ` ${step.ms} ms`, { stream });
  const code = step.code === null ? '' : ` [${step.code}]`;
  const lines = [
    `${styleText(colour, mark, { stream })} ${step.title}${code}${time}`,
    ...indent(step.detail),
  ];
  if (step.fix !== null) lines.push(...indent(`What to do: ${step.fix}`));
  return lines.join('\n');
}

/** The last lines for people: counts, and how it went. */
export function describeEnd(report: CheckReport): string {
  const seen = recordKinds.flatMap((kind) => {
    const count = report.counts[kind];
    return count === null
      ? []
      : [count === 1 ? `1 ${kind.slice(0, -1)}` : `${count.toLocaleString('en-US')} ${kind}`];
  });
  const failed = report.steps.filter(({ status }) => status === 'fail').length;
  const verdict = report.ok
    ? 'The connection works.'
    : `${failed} of ${report.steps.length} steps failed. Mend the first one and check again.`;
  return [seen.join(', '), verdict].filter(Boolean).join('\n');
}

const width = 96;

/** Wraps at spaces, each line moved in below the step's title. */
function indent(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].filter(Boolean).map((part) => `    ${part}`);
}
