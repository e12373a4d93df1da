import type { Row } from './row.ts';

const width = 960;
const [top, left, right, rowHeight] = [64, 470, 90, 26];

/** Every row with a time, as a bar from its p50 to its p99 on a logarithmic scale: an SVG that docs/performance.md shows. */
export function picture(rows: readonly Row[], title: string): string {
  const timed = rows.filter((row) => row.p50 !== undefined && row.p99 !== undefined);
  const values = timed.flatMap(({ p50 = 1, p99 = 1 }) => [p50, p99]).filter((ms) => ms > 0);
  const low = Math.floor(Math.log10(Math.min(1, ...values)));
  const high = Math.ceil(Math.log10(Math.max(1_000, ...values)));
  const x = (ms: number) =>
    left + ((Math.log10(Math.max(ms, 10 ** low)) - low) / (high - low)) * (width - left - right);
  const height = top + timed.length * rowHeight + 20;
  const decades = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const grid = decades.map(
    (ms) =>
      `<line x1="${x(ms)}" x2="${x(ms)}" y1="${top - 8}" y2="${height - 16}" class="grid"/>` +
      `<text x="${x(ms)}" y="${top - 14}" text-anchor="middle">${label(ms)}</text>`,
  );
  const bars = timed.map(({ what, p50 = 0, p95 = p50, p99 = p50 }, index) => {
    const y = top + index * rowHeight + rowHeight / 2;
    return (
      `<text x="${left - 10}" y="${y + 4}" text-anchor="end">${escape(what)}</text>` +
      `<line x1="${x(p50)}" x2="${x(p99)}" y1="${y}" y2="${y}" class="range"/>` +
      `<circle cx="${x(p50)}" cy="${y}" r="5" class="half"/>` +
      `<circle cx="${x(p95)}" cy="${y}" r="3" class="range-end"/>` +
      `<circle cx="${x(p99)}" cy="${y}" r="3" class="range-end"/>`
    );
  });
  const style =
    '.grid{stroke:#d0d4da}.range{stroke:#6b7280;stroke-width:2}.range-end{fill:#6b7280}.half{fill:#0b6bcb}text{fill:#1f2937}';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<style>${style}</style><rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="15">${escape(title)}</text>`,
    ...grid,
    ...bars,
    '</svg>\n',
  ].join('\n');
}

function label(ms: number): string {
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
