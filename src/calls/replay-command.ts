import { createReadStream } from 'node:fs';
import { Option } from 'commander';
import type { Command } from '../platform/command.ts';
import { RingsideError } from '../platform/errors.ts';
import type { PhoneStream } from '../telephony/port.ts';
import { phoneSystemKind, phoneSystemKinds } from '../telephony/registry.ts';
import { rang } from './call.ts';
import type { Call } from './call.ts';
import { createLedger } from './ledger.ts';

interface Options {
  kind: string;
  trunk: string[];
  json?: boolean;
}

/** `ringside replay FILE --kind asterisk|freeswitch --trunk NAME [--json]` */
export const command: Command<Options> = {
  name: 'replay',
  description: 'Folds a recorded stream of a phone system into calls and prints one line per call.',
  configure(program) {
    const kinds = phoneSystemKinds.filter((known) => known.readStream).map((known) => known.kind);
    const addName = (name: string, names: string[]) => [...names, name];
    return program
      .argument('<file>', 'the recorded bytes')
      .addOption(
        new Option('--kind <kind>', 'what recorded it').choices(kinds).makeOptionMandatory(),
      )
      .option('--trunk <name>', 'name of an outside line; may be given several times', addName, [])
      .option('--json', 'print each call as a JSON object');
  },
  async run({ kind, trunk, json }, [file = '']) {
    const stream = phoneSystemKind(kind)?.readStream?.({ trunks: trunk });
    if (!stream) return 2;
    try {
      for (const call of await replay(stream, file)) {
        process.stdout.write(`${json ? JSON.stringify(present(call)) : sentence(call)}\n`);
      }
      return 0;
    } catch (error) {
      if (!(error instanceof RingsideError) && !isFileError(error)) throw error;
      process.stderr.write(`${file}: ${error.message}\n`);
      return 1;
    }
  },
};

/** The calls of a recorded stream, in the order in which they started. */
export async function replay(stream: PhoneStream, file: string): Promise<Call[]> {
  const ledger = createLedger();
  for await (const chunk of createReadStream(file)) {
    for (const event of stream.push(chunk as Buffer, noTime)) ledger.receive(event);
  }
  for (const event of stream.end()) ledger.receive(event);
  return ledger.calls();
}

/** Handed to the stream instead of the clock of this machine, so that a time which the stream does not tell stays unknown. */
export const noTime = new Date(0);

/** One call as captures and their readers know it. */
export function present(call: Call) {
  const time = (at: Date | null) => (at === null || at <= noTime ? null : at.toISOString());
  return {
    direction: call.direction,
    from: call.from,
    to: call.to,
    queue: call.queue,
    result: call.result ?? 'unknown',
    answeredBy: call.answeredBy,
    rang: rang(call),
    transfers: call.transfers.map(({ kind, from, to }) => ({ kind, from, to })),
    held: call.held,
    callId: call.sourceId,
    startedAt: time(call.startedAt),
    answeredAt: time(call.answeredAt),
    endedAt: time(call.endedAt),
  };
}

function sentence(call: Call): string {
  const { direction, from, to, result, answeredBy, startedAt } = present(call);
  const who = answeredBy === null ? '' : ` by ${answeredBy}`;
  return `${startedAt ?? '(no time)'}  ${direction} from ${from ?? '?'} to ${to ?? '?'}: ${result}${who}`;
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
