/** One line of the table that `npm run bench` prints. */
export interface Row {
  what: string;
  /** Milliseconds of one go, or of what `what` names. */
  p50?: number;
  p95?: number;
  p99?: number;
  /** Per second. */
  rate?: number;
  /** How many times as fast Ringside was at the same in this run. */
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
  .concat('per second'.padStart(12), 'ratio'.padStart(8), '  command')
  .join('')
  .padStart(widthOfWhat + 60);

export function lineOf(row: Row, command = ''): string {
  const { what, p50, p95, p99, rate, ratio, note = '' } = row;
  const times = [p50, p95, p99].map((ms) => (ms === undefined ? '' : milliseconds(ms)));
  const cells = [
    ...times.map((text) => text.padStart(10)),
    (rate === undefined ? '' : Math.round(rate).toLocaleString('en')).padStart(12),
    (ratio === undefined ? '' : `${ratio.toFixed(1)} x`).padStart(8),
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
