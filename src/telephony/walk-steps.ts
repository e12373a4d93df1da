import { LinkError } from './link-error.ts';
import type { LinkStep } from './port.ts';

export type Finding = Pick<LinkStep, 'status' | 'detail' | 'fix'>;

/** One step of a test; throws LinkError when it fails. */
export interface Step {
  id: LinkStep['id'];
  title: string;
  run(): Promise<Finding>;
}

/** Runs steps one after the other; after a failure the others are skipped. */
export async function* walkSteps(
  steps: readonly Step[],
  signal: AbortSignal,
): AsyncGenerator<LinkStep, void, void> {
  let failed = false;
  for (const { id, title, run } of steps) {
    const begin = performance.now();
    const found: Finding = failed
      ? { status: 'skip', detail: 'Not tried after the failure above.', fix: null }
      : await run().catch((error: unknown) => fault(error, signal));
    if (found.status === 'fail') failed = true;
    yield { id, title, ...found, ms: Math.round(performance.now() - begin) };
  }
}

export function passed(detail: string): Finding {
  return { status: 'pass', detail, fix: null };
}

/** How many extensions were seen, with some of them; `fix` is for when there are none. */
export function seen(extensions: readonly string[], fix: string): Finding {
  if (extensions.length === 0) return { status: 'warn', detail: 'No phone was seen.', fix };
  const some = extensions.slice(0, 5).join(', ');
  return passed(`${extensions.length} seen: ${some}${extensions.length > 5 ? ' …' : '.'}`);
}

function fault(error: unknown, signal: AbortSignal): Finding {
  if (error instanceof LinkError) return { status: 'fail', detail: error.message, fix: error.fix };
  if (!signal.aborted) throw error;
  const fix = 'Check the line to the phone system.';
  return { status: 'fail', detail: 'It took too long.', fix };
}
