import type { AmiContext } from './ami-context.ts';
import type { Channel, GraphCall } from './call-graph.ts';

/** The first phone or outside line that a call of our own dials says where it goes. */
export function tellDestination(context: AmiContext, call: GraphCall, channel: Channel): void {
  const { first } = call;
  if (call.destined || first?.type.kind !== 'phone' || call.answered) return;
  call.destined = true;
  const from = first.type.extension;
  if (channel.type.kind === 'trunk') {
    const to = channel.number ?? (first.exten || null);
    context.tell(call, { type: 'call-started', direction: 'outbound', from, to, queue: null });
  } else if (channel.type.kind === 'phone') {
    const to = (call.originated ? null : first.exten) || channel.type.extension;
    context.tell(call, { type: 'call-started', direction: 'internal', from, to, queue: null });
  }
}

/** A call of our own that dialled nobody went where the phone asked for. */
export function tellPlainDestination(context: AmiContext, call: GraphCall): void {
  const { first } = call;
  if (call.destined || first?.type.kind !== 'phone') return;
  const to = call.requested ?? (call.originated ? null : first.exten || null);
  if (to === null) return;
  const direction = isExtension(to) || !call.originated ? 'internal' : 'outbound';
  context.tell(call, {
    type: 'call-started',
    direction,
    from: first.type.extension,
    to,
    queue: null,
  });
}

/** Whether a target is a phone of the house rather than a number outside. */
export function isExtension(target: string): boolean {
  return /^\d{1,5}$/.test(target);
}
