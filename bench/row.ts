/** One line of the table that `npm run bench` prints. */
export interface Row {
  what: string;
  /** Milliseconds of one go, or of what `what` names. */
  p50?: number;
  p95?: number;
  p99?: number;
  /** Per second. */
  rate?: number;
  /** MB, proportional set size: memory that processes share counts once. */
  memory?: number;
  /** How many times as fast Ringside was at the same in this run; less than 1 beside a bound. */
  ratio?: number;
  /** What is no time and no rate. */
  note?: string;
}

/** Gives a row to `npm run bench`, which waits for it, or prints it when this part runs by itself. */
export function report(row: Row): void {
  if (process.send) process.send(row);
  else console.log(lineOf(row));
}

/** For a row: the times within which 50, 95 and 99 % of the goes ended. */
export function percentiles(times: readonly number[]): Pick<Row, 'p50' | 'p95' | 'p99'> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return sorted.length === 0 ? {} : { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

const widthOfWhat = 72;
export const heading = ['p50 ms', 'p95 ms', 'p99 ms']
  .map((title) => title.padStart(10))
  .concat('per second'.padStart(12), 'MB'.padStart(8), 'ratio'.padStart(9), '  command')
  .join('')
  .padStart(widthOfWhat + 69);

/** The ratio of a time to Ringside's at the same, at p50; nothing where either is not known. */
export function timeRatio(theirs: readonly number[], ours: readonly number[]): Pick<Row, 'ratio'> {
  const [a, b] = [percentiles(theirs).p50, percentiles(ours).p50];
  return a === undefined || b === undefined || b === 0 ? {} : { ratio: a / b };
}

export function lineOf(row: Row, command = ''): string {
  const { what, p50, p95, p99, rate, memory, ratio, note = '' } = row;
  const times = [p50, p95, p99].map((ms) => (ms === undefined ? '' : milliseconds(ms)));
  const cells = [
    ...times.map((text) => text.padStart(10)),
    (rate === undefined ? '' : Math.round(rate).toLocaleString('en')).padStart(12),
    (memory === undefined ? '' : Math.round(memory).toLocaleString('en')).padStart(8),
    (ratio === undefined
      ? ''
      : `${ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2)} x`
    ).padStart(9),
  ];
  const end = command === '' ? '' : command.padEnd(29);
  return `${what.padEnd(widthOfWhat)} ${cells.join('')}  ${end}  ${note}`.trimEnd();
}

function milliseconds(ms: number): string {
  return ms.toLocaleString('en', {
    minimumFractionDigits: ms < 100 ? 2 : 0,
    maximumFractionDigits: ms < 100 ? 2 : 0,
  });
}
