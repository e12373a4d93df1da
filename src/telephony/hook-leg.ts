import type { CallEvent, EndCause } from './port.ts';

/**
 * What the platforms in the cloud (Twilio, Telnyx, Vonage) report: what one leg of a call does. They see legs and not agents, and
 * each report comes by itself, late or twice.
 */
export interface LegReport {
  call: string;
  leg: string;
  at: Date;
  /** `in`: this party called the platform. `out`: the platform called this party. */
  way: 'in' | 'out';
  from: string;
  to: string;
  /** The query of the address that was posted to: `extension` says whose phone the called leg is. */
  query: URLSearchParams;
  does: 'begins' | 'rings' | 'answers' | 'holds' | 'unholds' | 'ends';
  /** Of a leg that ends. */
  cause: EndCause;
  /** The leg that the call lives and dies with. */
  root: boolean;
  /** The platform does not always report the caller's own leg in time, so that the agent's must say who calls. */
  tellsCaller: boolean;
}

/** A report as facts about the call. */
export function tellLeg(report: LegReport): CallEvent[] {
  return report.way === 'in' ? tellCaller(report) : tellCalled(report);
}

/** Who called the platform: somebody from outside, or the phone of an agent who calls out. */
function tellCaller(report: LegReport): CallEvent[] {
  const { call, at, from, to, does, cause } = report;
  const agent = agentAt(from);
  const ends: CallEvent[] = does === 'ends' ? [{ type: 'call-ended', call, at, cause }] : [];
  if (agent === null) {
    const way = { direction: 'inbound', from, to: to || null, queue: null } as const;
    return [{ type: 'call-started', call, at, ...way }, ...ends];
  }
  const direction = isNumber(to) ? 'outbound' : 'internal';
  const way = { direction, from: agent, to: agentAt(to) ?? (to || null), queue: null } as const;
  return [
    { type: 'call-started', call, at, ...way },
    { type: 'leg-placed', call, at, leg: call, extension: agent },
    ...ends,
  ];
}

function tellCalled(report: LegReport): CallEvent[] {
  const { call, at, to, root } = report;
  const agent = agentOf(report);
  const leg = root ? call : report.leg;
  const facts: CallEvent[] = [...wayOf(report, agent), ...deedOf(report, leg, agent)];
  // Who was called from outside and hung up, or never answered, ends what the platform placed; an agent's leg does not.
  const over = root || (agent === null && !report.tellsCaller);
  if (report.does === 'ends' && over && to !== '')
    facts.push({ type: 'call-ended', call, at, cause: report.cause });
  return facts;
}

function wayOf(report: LegReport, agent: string | null): CallEvent[] {
  const { call, at, from, to, root } = report;
  const started = { type: 'call-started', call, at, queue: null } as const;
  if (agent === null)
    return to === '' ? [] : [{ ...started, direction: 'outbound', from: null, to }];
  // A phone that is rung first, to place a call with it.
  if (root) return [{ ...started, direction: 'outbound', from: agent, to: null }];
  if (!report.tellsCaller || from === '') return [];
  const colleague = agentAt(from);
  const direction = colleague === null ? 'inbound' : 'internal';
  return [{ ...started, direction, from: colleague ?? from, to: null }];
}

function deedOf(report: LegReport, leg: string, extension: string | null): CallEvent[] {
  const { call, at, does, cause } = report;
  switch (does) {
    case 'begins':
      return [];
    case 'rings':
      return [{ type: 'leg-ringing', call, at, leg, extension }];
    case 'answers':
      return [{ type: 'leg-answered', call, at, leg, extension }];
    // Who can hold has answered; the report of that may come later.
    case 'holds':
      return [
        { type: 'leg-answered', call, at, leg, extension },
        { type: 'leg-held', call, at, leg },
      ];
    case 'unholds':
      return [{ type: 'leg-unheld', call, at, leg }];
    case 'ends':
      return [{ type: 'leg-ended', call, at, leg, cause }];
  }
}

/** Whose phone a called leg is; null: an outside line. */
function agentOf({ to, query }: LegReport): string | null {
  const told = query.get('extension') ?? '';
  return /^[0-9*#]{1,16}$/.test(told) ? told : agentAt(to);
}

/** `client:101`, `sip:101@example.com` and a bare `101` are agents, by that name; a telephone number is none. */
function agentAt(address: string): string | null {
  const name = /^(?:client|user|sips?):([^@;?]+)/i.exec(address)?.[1] ?? address;
  if (isNumber(name)) return null;
  return name !== address || /^[0-9*#]{1,6}$/.test(address) ? name.slice(0, 64) : null;
}

function isNumber(address: string): boolean {
  return /^\+?[0-9*#]{7,32}$/.test(address);
}

/** Numbers that come in full but without the `+`, such as 4930123456; everything else stays as it is. */
export function withPlus(number: string): string {
  return /^[1-9]\d{6,14}$/.test(number) ? `+${number}` : number;
}
