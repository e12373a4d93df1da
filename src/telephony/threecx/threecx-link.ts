import type { Settings } from '../../platform/setting-field.ts';
import { readDialled } from '../dialled.ts';
import { keepLink } from '../keep-link.ts';
import type { LinkSession } from '../keep-link.ts';
import { LinkError, notKept } from '../link-error.ts';
import type { LinkSink, OriginateOutcome, PhoneEvent, PhoneLink } from '../port.ts';
import { unreachable } from '../unreachable.ts';
import { createCallControl } from './call-control.ts';
import type { CallControl } from './call-control.ts';
import { ChangeQueue } from './change-queue.ts';
import { openEventSocket } from './event-socket.ts';
import type { EntityEvent, EventSocket, SocketTiming } from './event-socket.ts';
import { ParticipantTeller } from './participant-teller.ts';
import { threecxSettings } from './settings.ts';

/** Milliseconds. */
export interface ThreecxTiming extends SocketTiming {
  request: number;
  /** How long a call may be without anybody before it counts as over: a transfer leaves a gap. */
  emptyFor: number;
}

export const usualTiming: ThreecxTiming = {
  connect: 8_000,
  pingEvery: 10_000,
  pingDeadline: 5_000,
  request: 8_000,
  emptyFor: 1_500,
};

/**
 * Listens to a 3CX until closed: the event stream says what changed, and each change is asked for. After every (re)connect, and when
 * the numbering of events shows a gap, all that is up is compared.
 */
export function openThreecxLink(
  settings: Settings,
  secrets: Settings,
  sink: LinkSink,
  timing: ThreecxTiming = usualTiming,
): PhoneLink {
  const threecx = threecxSettings(settings, secrets);
  const control = createCallControl(threecx, timing.request);
  const stop = new AbortController();
  const teller = new ParticipantTeller();
  let up = false;

  async function connect(): Promise<LinkSession> {
    const changes = new ChangeQueue(async (event) => {
      const facts = await lookAt(control, teller, event);
      if (facts.length > 0 || event.dn !== '') await sink.events(facts, 1);
    });
    const socket = await openSocket(
      control,
      threecx.url,
      timing,
      (event) => changes.add(event),
      stop.signal,
    );
    const fail = (error: unknown) =>
      socket.close(error instanceof LinkError ? error : notKept(error));
    changes.onFailure = fail;
    const sweeper = setInterval(() => {
      const ended = teller.endEmpty(new Date(Date.now() - timing.emptyFor));
      if (ended.length > 0) sink.events(ended, 0).catch(fail);
    }, timing.emptyFor / 2);
    const forget = () => {
      up = false;
      changes.stop();
      clearInterval(sweeper);
    };
    void socket.closed.then(forget);
    try {
      await sink.events(teller.reconcile(await control.state(), new Date()), 0);
      changes.start();
      up = true;
      await sink.up({ extensions: teller.extensions(), warnings: [] });
    } catch (error) {
      fail(error);
      throw error;
    }
    return socket;
  }

  const done = keepLink(connect, sink, stop.signal);
  return {
    originate: async (order) => {
      const [dn, number] = [readDialled(order.extension), readDialled(order.number)];
      return up ? place(control, teller, dn, number) : unreachable;
    },
    async close() {
      stop.abort();
      // What is being asked is given up.
      await control.close();
      await done;
    },
  };
}

/** A token that was refused is renewed once; then it is the administrator's turn. */
async function openSocket(
  control: CallControl,
  url: string,
  timing: SocketTiming,
  onEvent: (event: EntityEvent) => void,
  signal: AbortSignal,
): Promise<EventSocket> {
  signal.throwIfAborted();
  const token = await control.token();
  try {
    return await openEventSocket(url, token, timing, onEvent, signal);
  } catch (error) {
    if (!(error instanceof LinkError) || error.code !== 'unauthorized') throw error;
    return openEventSocket(url, await control.token(token), timing, onEvent, signal);
  }
}

async function lookAt(
  control: CallControl,
  teller: ParticipantTeller,
  { gap, removed, dn, participant }: EntityEvent,
): Promise<PhoneEvent[]> {
  if (gap) return teller.reconcile(await control.state(), new Date());
  if (removed) return teller.remove(dn, participant, new Date());
  const told = await control.participant(dn, participant);
  // Gone already: its removal is on the way.
  return told === null ? [] : teller.upsert({ ...told, dn: told.dn || dn }, new Date());
}

async function place(
  control: CallControl,
  teller: ParticipantTeller,
  dn: string,
  number: string,
): Promise<OriginateOutcome> {
  teller.expect(dn, new Date(Date.now() + 10_000));
  try {
    const { ok, callid, reason } = await control.makeCall(dn, number);
    if (ok && callid !== '') teller.expect(dn, callid);
    if (ok) return { ok: true, call: callid };
    return {
      ok: false,
      message: `3CX refused the call: '${reason}'.`,
      fix: `Check that the phone ${dn} is registered and free, and that the API client watches it.`,
    };
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return { ok: false, message: error.message, fix: error.fix };
  }
}
