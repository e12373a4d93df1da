import type { Row } from './row.ts';

/** The same load on so many nodes with so many contacts. Times in milliseconds, memory in MB. */
export interface ScaleRun {
  contacts: number;
  nodes: number;
  /** Calls a second. */
  rate: number;
  events: number;
  /** Pops that never came and events that failed. */
  lost: number;
  commit: Pick<Row, 'p50' | 'p95' | 'p99'>;
  pop: Pick<Row, 'p50' | 'p95' | 'p99'>;
  /** Processor time of all nodes, and of PostgreSQL, for each event. */
  hubMs: number;
  databaseMs: number;
  memory: number;
  /** Processor time of nodes and PostgreSQL in a second without a call. */
  idleMsPerSecond: number;
}

/** As Markdown. */
export function scaleTable(runs: readonly ScaleRun[]): string {
  const head =
    '| contacts | nodes | event to pop p50 / p99 | committed p50 / p99 | processor time per event: nodes | PostgreSQL | at rest, a second | memory | lost |';
  const rows = runs.map((run) =>
    [
      '',
      run.contacts.toLocaleString('en'),
      run.nodes,
      both(run.pop),
      both(run.commit),
      `${run.hubMs.toFixed(2)} ms`,
      `${run.databaseMs.toFixed(2)} ms`,
      `${Math.round(run.idleMsPerSecond)} ms`,
      `${Math.round(run.memory)} MB`,
      run.lost,
      '',
    ]
      .join(' | ')
      .trim(),
  );
  return [head, '|---|---|---|---|---|---|---|---|---|', ...rows].join('\n');
}

function both({ p50 = Number.NaN, p99 = Number.NaN }: ScaleRun['pop']): string {
  return `${Math.round(p50)} / ${Math.round(p99)} ms`;
}

const [width, left, top, rowHeight, barHeight] = [960, 210, 64, 30, 16];

/** Processor time for each event, nodes and PostgreSQL one after the other, and beside it the time to the pop: an SVG. */
export function scalePicture(runs: readonly ScaleRun[], load: number): string {
  const height = top + runs.length * rowHeight + 16;
  const longest = Math.max(0.1, ...runs.map(({ hubMs, databaseMs }) => hubMs + databaseMs));
  const scale = (width - left - 330) / longest;
  const rows = runs.map((run, index) => {
    const y = top + index * rowHeight;
    const [hub, database] = [run.hubMs * scale, run.databaseMs * scale];
    const nodes = run.nodes === 1 ? '1 node' : `${run.nodes} nodes`;
    const text = `${(run.hubMs + run.databaseMs).toFixed(1)} ms; to the pop ${both(run.pop)}`;
    return [
      `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${run.contacts.toLocaleString('en')} contacts, ${nodes}</text>`,
      `<rect x="${left}" y="${y}" width="${hub.toFixed(1)}" height="${barHeight}" fill="#0b6bcb"/>`,
      `<rect x="${(left + hub).toFixed(1)}" y="${y}" width="${database.toFixed(1)}" height="${barHeight}" fill="#7a8699"/>`,
      `<text x="${(left + hub + database + 8).toFixed(1)}" y="${y + 13}">${text}</text>`,
    ].join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2937">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="15">Processor time for each event: nodes (blue), PostgreSQL (grey); and p50 / p99 to the pop</text>`,
    `<text x="16" y="44">${runs[0]?.rate ?? 0} calls a second, load of the machine before ${load.toFixed(1)}</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}
