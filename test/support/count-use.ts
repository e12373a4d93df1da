import type { Page } from 'playwright-core';

/** What somebody did on a page: presses of the mouse, and fields that were filled in or chosen. */
export interface Use {
  clicks: number;
  fields: number;
}

/** Counts from the next page that is loaded on. What scripts do by themselves does not count. */
export async function countUse(page: Page): Promise<Use> {
  const use: Use = { clicks: 0, fields: 0 };
  await page.exposeFunction('ringsideCounts', (what: keyof Use) => void (use[what] += 1));
  await page.addInitScript(() => {
    const counts = (what: 'clicks' | 'fields') =>
      (globalThis as unknown as { ringsideCounts(what: string): void }).ringsideCounts(what);
    let last: EventTarget | null = null;
    addEventListener('pointerdown', (event) => event.isTrusted && counts('clicks'), true);
    addEventListener(
      'input',
      ({ target }) => {
        // A tick or a choice of one is a press of the mouse already.
        const ticked = target instanceof HTMLInputElement && /checkbox|radio/.test(target.type);
        if (ticked || target === last) return;
        last = target;
        counts('fields');
      },
      true,
    );
  });
  return use;
}

/** A stage of a walk, and what it took. */
export interface Stage extends Use {
  name: string;
  seconds: number;
}

/** Does `work` and adds what it took to the list. */
export async function stage(
  use: Use,
  stages: Stage[],
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  const [before, began] = [{ ...use }, performance.now()];
  await work();
  const seconds = (performance.now() - began) / 1000;
  stages.push({
    ...{ name, seconds },
    clicks: use.clicks - before.clicks,
    fields: use.fields - before.fields,
  });
}

/** A line for each stage and one for all. */
export function tellStages(stages: readonly Stage[]): string {
  const sum = (key: 'clicks' | 'fields' | 'seconds') =>
    stages.reduce((total, one) => total + one[key], 0);
  const line = ({ name, clicks, fields, seconds }: Stage) =>
    `${name}: ${clicks} clicks, ${fields} fields, ${seconds.toFixed(1)} s`;
  const all = { name: 'all', clicks: sum('clicks'), fields: sum('fields') };
  return [...stages, { ...all, seconds: sum('seconds') }].map(line).join('\n');
}
