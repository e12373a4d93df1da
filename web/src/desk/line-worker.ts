import '../ui/no-eval.ts';
import { DeskLine } from './desk-line.ts';
import type { FromWorker, ToWorker } from './line-message.ts';

/**
 * One line for all tabs of a browser: with HTTP/1.1 a browser opens only six connections to a site, and a stream in
 * every tab would use them up. The worker ends with the last tab.
 */
const scope = globalThis as unknown as { onconnect: ((event: MessageEvent) => void) | null };
const ports = new Set<MessagePort>();
let line: DeskLine | null = null;

function tellAll(message: FromWorker): void {
  for (const port of ports) port.postMessage(message);
}

function currentLine(): DeskLine {
  line ??= new DeskLine({
    onView: (view) => tellAll({ type: 'view', view }),
    onSignedOut: () => {
      tellAll({ type: 'signed-out' });
      // The next tab that comes begins anew, perhaps as somebody else.
      line?.close();
      line = null;
    },
  });
  return line;
}

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (port === undefined) return;
  ports.add(port);
  port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    if (data.type === 'apply') currentLine().apply(data.event);
    if (data.type === 'wake') currentLine().wake();
    if (data.type === 'leave') {
      ports.delete(port);
      if (ports.size > 0) return;
      line?.close();
      line = null;
    }
  };
  port.postMessage({ type: 'view', view: currentLine().view } satisfies FromWorker);
};
