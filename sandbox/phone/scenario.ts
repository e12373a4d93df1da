import { fraction, hash, pick, stream } from '../company/random.ts';
import type { Lookups } from '../company/lookups.ts';

/** One call that the simulator makes up. Times in seconds. */
export interface Scenario {
  /** For people: `Birgit Schneider of Vogel & Söhne, 2 open cases`. */
  who: string;
  /** As the phone system would show the caller. */
  from: string;
  outcome: 'answered' | 'answered elsewhere' | 'missed' | 'abandoned' | 'busy';
  ringSeconds: number;
  talkSeconds: number;
  queue: string | null;
}

type Kind = 'known' | 'shared' | 'company' | 'unknown' | 'anonymous';

/** The first calls show everything there is to see; after that it is left to chance. */
const opening: [Kind, Scenario['outcome']][] = [
  ['known', 'answered'],
  ['shared', 'answered elsewhere'],
  ['company', 'answered'],
  ['unknown', 'missed'],
  ['known', 'missed'],
  ['anonymous', 'answered'],
];
const kinds: Kind[] = [
  'known',
  'known',
  'known',
  'known',
  'shared',
  'company',
  'unknown',
  'anonymous',
];
const outcomes: Scenario['outcome'][] = [
  'answered',
  'answered',
  'answered',
  'answered',
  'missed',
  'abandoned',
  'answered elsewhere',
  'busy',
];
const queues = ['Support', 'Support', 'Orders', null];

const streams = {
  kind: stream('call kind'),
  outcome: stream('call outcome'),
  who: stream('call who'),
  ring: stream('call ring'),
  talk: stream('call talk'),
};

/** The n-th call of a seed. */
export function scenario(lookups: Lookups, seed: number, n: number): Scenario {
  const [kind, outcome] = opening[n] ?? [
    pick(kinds, hash(seed, streams.kind, n)),
    pick(outcomes, hash(seed, streams.outcome, n)),
  ];
  const caller = callerOf(
    lookups,
    kind,
    n === 0 ? 0 : hash(seed, streams.who, n),
    n === 0 ? 'DE' : undefined,
  );
  return {
    ...caller,
    outcome,
    ringSeconds: Math.round(
      outcome === 'missed'
        ? 15 + fraction(seed, streams.ring, n) * 8
        : 4 + fraction(seed, streams.ring, n) * 6,
    ),
    talkSeconds: Math.round(15 + fraction(seed, streams.talk, n) ** 2 * 60),
    queue: pick(queues, hash(seed, streams.talk, n)),
  };
}

function callerOf(
  lookups: Lookups,
  kind: Kind,
  lot: number,
  country?: string,
): Pick<Scenario, 'who' | 'from'> {
  switch (kind) {
    case 'known': {
      const withCases = lookups
        .uniqueContacts(
          (caller) => caller.openCases > 0 && (country === undefined || caller.country === country),
        )
        .toSorted((a, b) => (country === undefined ? 0 : b.openCases - a.openCases));
      const caller = pick(withCases.length > 0 ? withCases : lookups.uniqueContacts(), lot);
      const cases = caller.openCases === 1 ? '1 open case' : `${caller.openCases} open cases`;
      return {
        who: `${caller.name} of ${caller.customer}, ${cases}, stored as ${caller.raw}`,
        from: asShown(caller.number, lot),
      };
    }
    case 'shared': {
      const shared = lookups.sharedNumber(2 + (lot % 2)) ?? lookups.sharedNumber(2);
      if (!shared) return callerOf(lookups, 'unknown', lot);
      return {
        who: `a number shared by ${shared.callers.map(({ name }) => name).join(', ')}`,
        from: asShown(shared.number, lot),
      };
    }
    case 'company': {
      const line = pick(lookups.mainLines(), lot);
      return { who: `the main line of ${line.name}`, from: asShown(line.number, lot) };
    }
    case 'unknown':
      return {
        who: 'somebody unknown',
        from: lookups.unknownNumber(pick(['DE', 'US', 'FR'], lot)),
      };
    case 'anonymous':
      return { who: 'somebody who hides the number', from: 'anonymous' };
  }
}

/** Trunks show a foreign number with + or with 00. */
function asShown(number: string, lot: number): string {
  return lot % 3 === 0 ? `00${number.slice(1)}` : number;
}
