import type { CallEvent, EndCause, PhoneEvent } from '../port.ts';
import type { Participant, WatchedDn } from './call-control.ts';

interface Leg {
  /** Its name in our events. */
  leg: string;
  call: string;
  extension: string;
  placed: boolean;
  answered: boolean;
}

interface OpenCall {
  /** Keys of the participants that are up. */
  open: Set<string>;
  answered: boolean;
  /** The leg that placed the call. */
  placer: string | null;
  /** When the last participant left; the call is over when nobody comes soon. */
  emptySince: Date | null;
}

/**
 * Turns what 3CX says of participants (a DN's part in a call) into facts. 3CX tells states, not what happened between them: it has
 * no word for hold, and why a leg ended must be guessed.
 */
export class ParticipantTeller {
  readonly #legs = new Map<string, Leg>();
  readonly #calls = new Map<string, OpenCall>();
  /** Type of each watched DN. */
  #types = new Map<string, string>();
  /** DNs whose phone is about to ring for a call of their own: until when, or which call. */
  readonly #placing = new Map<string, Date | string>();

  /** What an originate will bring by then, or once 3CX has named the call: the phone of `dn` rings first, and is not being called. */
  expect(dn: string, what: Date | string): void {
    this.#placing.set(dn, what);
  }

  extensions(): string[] {
    return [...this.#types].filter(([, type]) => isExtension(type)).map(([dn]) => dn);
  }

  /** A participant as it is now. */
  upsert(told: Participant, at: Date): PhoneEvent[] {
    const { callid: call, dn } = told;
    if (call === '' || dn === '') return [];
    const known = this.#calls.get(call);
    const open = known ?? { open: new Set(), answered: false, placer: null, emptySince: null };
    this.#calls.set(call, open);
    const key = keyOf(dn, told.id);
    open.open.add(key);
    open.emptySince = null;
    const base = { call, at };
    const type = this.#types.get(dn) ?? '';
    if (/queue/i.test(type))
      return [...this.#way(told, base, false), { ...base, type: 'queue-joined', queue: dn }];
    if (type !== '' && !isExtension(type)) return this.#way(told, base, false);
    return this.#tellPhone(told, key, open, base);
  }

  remove(dn: string, id: string, at: Date): PhoneEvent[] {
    const key = keyOf(dn, id);
    for (const [call, open] of this.#calls) {
      if (!open.open.delete(key)) continue;
      if (open.open.size === 0) open.emptySince = at;
      const leg = this.#legs.get(key);
      this.#legs.delete(key);
      if (!leg) return [];
      return [{ type: 'leg-ended', call, at, leg: leg.leg, cause: causeOf(leg, open) }];
    }
    return [];
  }

  /** Ends the calls that nobody has been in since `before`. */
  endEmpty(before: Date): PhoneEvent[] {
    const ended: PhoneEvent[] = [];
    for (const [call, { emptySince }] of this.#calls) {
      if (emptySince === null || emptySince > before) continue;
      ended.push({ type: 'call-ended', call, at: emptySince, cause: 'normal' });
      this.#calls.delete(call);
    }
    return ended;
  }

  /** All that is up, after a gap: what is not among it is over. */
  reconcile(state: readonly WatchedDn[], at: Date): PhoneEvent[] {
    this.#types = new Map(state.map(({ dn, type }) => [dn, type]));
    const up = state.flatMap(({ dn, participants }) =>
      (participants ?? []).map((one) => ({ ...one, dn: one.dn || dn })),
    );
    const keys = new Set(up.map(({ dn, id }) => keyOf(dn, id)));
    const gone = [...this.#calls.values()]
      .flatMap(({ open }) => [...open])
      .filter((key) => !keys.has(key))
      .flatMap((key) => this.remove(...partsOf(key), at));
    const told = up.flatMap((one) => this.upsert(one, at));
    const ended = this.endEmpty(at);
    return [...gone, ...told, ...ended, { type: 'snapshot', at, calls: [...this.#calls.keys()] }];
  }

  #tellPhone(
    told: Participant,
    key: string,
    open: OpenCall,
    base: { call: string; at: Date },
  ): CallEvent[] {
    const connected = /connected/i.test(told.status);
    const known = this.#legs.get(key);
    const placed = known?.placed ?? this.#hasPlaced(told, open);
    const first = placed && (open.placer === null || open.placer === key);
    if (first) open.placer = key;
    const leg = known ?? {
      leg: first ? told.callid : key,
      call: told.callid,
      extension: told.dn,
      placed,
      answered: false,
    };
    this.#legs.set(key, leg);
    const who = { ...base, leg: leg.leg, extension: leg.extension };
    const facts: CallEvent[] = this.#way(told, base, placed);
    if (known === undefined) {
      facts.push({ ...who, type: placed ? 'leg-placed' : 'leg-ringing' });
      if (told.referred_by_dn !== '')
        facts.push({
          ...base,
          type: 'transferred',
          transfer: key,
          kind: 'blind',
          from: told.referred_by_dn,
          to: told.dn,
        });
    }
    if (!connected || leg.answered) return facts;
    leg.answered = true;
    open.answered = true;
    if (!placed) facts.push({ ...who, type: 'leg-answered' });
    // Of the far end there is no participant: that the phone which dialled is connected tells that it answered.
    else if (!isExtension(told.party_dn_type))
      facts.push({ ...base, type: 'leg-answered', leg: `${told.callid}-outside`, extension: null });
    return facts;
  }

  /** Whether a phone that appears dials, rather than being called. */
  #hasPlaced(told: Participant, open: OpenCall): boolean {
    const expected = this.#placing.get(told.dn);
    const isIt =
      expected instanceof Date
        ? expected.getTime() >= Date.now() && open.open.size === 1
        : expected === told.callid;
    if (isIt && open.placer === null) {
      this.#placing.delete(told.dn);
      return true;
    }
    return /dialing/i.test(told.status) || told.originated_by_dn === told.dn;
  }

  #way(told: Participant, base: { call: string; at: Date }, placed: boolean): CallEvent[] {
    const inHouse = isExtension(told.party_dn_type);
    const other = inHouse ? told.party_dn || told.party_caller_id : told.party_caller_id;
    const queue = /queue/i.test(told.on_behalf_of_dn_type) ? told.on_behalf_of_dn || null : null;
    const started = { ...base, type: 'call-started', queue } as const;
    if (placed)
      return [
        {
          ...started,
          direction: inHouse ? 'internal' : 'outbound',
          from: told.dn,
          to: other || null,
        },
      ];
    // In a call that a phone of ours placed the other phone says the same from its side.
    if (this.#calls.get(told.callid)?.placer) return [];
    const to = inHouse ? told.dn : told.party_did || null;
    return [{ ...started, direction: inHouse ? 'internal' : 'inbound', from: other || null, to }];
  }
}

function causeOf(leg: Leg, open: OpenCall): EndCause {
  if (leg.answered) return 'normal';
  return open.answered ? 'answered-elsewhere' : 'no-answer';
}

function isExtension(type: string): boolean {
  return /extension/i.test(type);
}

function keyOf(dn: string, id: string): string {
  return `${dn}/${id}`;
}

function partsOf(key: string): [dn: string, id: string] {
  const at = key.lastIndexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}
