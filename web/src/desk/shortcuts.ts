/**
 * Every action of the Desk, in the order of the help. From this one table come the keys, the command palette (Ctrl+K) and the help (?).
 * A panel makes an action available with `useShortcut(id, run)`; add a line here and the keys are documented.
 *
 * A single letter works when nobody types; while one types, with Alt as well (not on a Mac, whose Alt types characters). `mod` is
 * Ctrl, or Cmd on a Mac.
 */
export const actions = {
  // Calls
  'next-call': { group: 'Calls', title: 'Next call', keys: ['j'] },
  'previous-call': { group: 'Calls', title: 'Previous call', keys: ['k'] },
  'dismiss-call': { group: 'Calls', title: 'Dismiss the call that ended', keys: ['e'] },
  'call-back': { group: 'Calls', title: 'Call this number', keys: ['b'] },
  redial: { group: 'Calls', title: 'Call the last number again', keys: ['r'] },
  'missed-calls': { group: 'Calls', title: 'Missed calls', keys: ['l'] },
  'close-missed': { group: 'Calls', title: 'Close the missed call', keys: ['z'] },
  dial: { group: 'Calls', title: 'Dial a number', keys: ['d'] },
  // This caller
  'open-record': { group: 'This caller', title: 'Open the caller in ServiceNow', keys: ['o'] },
  'find-caller': { group: 'This caller', title: 'Find out who it is', keys: ['f'] },
  'create-contact': { group: 'This caller', title: 'Add a contact', keys: ['a'] },
  'leave-unknown': { group: 'This caller', title: 'Leave the caller unknown', keys: ['u'] },
  'choose-caller': {
    group: 'This caller',
    title: 'Somebody else with this number',
    keys: ['q'],
  },
  'forget-choice': {
    group: 'This caller',
    title: 'Forget who had this number last time',
    keys: [],
  },
  'open-company': { group: 'This caller', title: 'Open the company in ServiceNow', keys: [] },
  'edit-contact': { group: 'This caller', title: 'Modify numbers, e-mail and title', keys: ['m'] },
  'earlier-calls': { group: 'This caller', title: 'Go to the earlier calls', keys: ['h'] },
  'match-reason': { group: 'This caller', title: 'Why this caller?', keys: ['y'] },
  // Case and note
  note: { group: 'Case and note', title: 'Write a note', keys: ['n'] },
  'send-note': { group: 'Case and note', title: 'Send the note to the case now', keys: ['s'] },
  'new-case': { group: 'Case and note', title: 'New case', keys: ['c'] },
  'new-case-in-crm': { group: 'Case and note', title: 'New case in ServiceNow', keys: [] },
  'find-case': { group: 'Case and note', title: 'Find a case by its number', keys: ['t'] },
  'tag-first': { group: 'Case and note', title: 'Tag the first open case', keys: ['g'] },
  'change-case': { group: 'Case and note', title: 'Change the tagged case', keys: ['x'] },
  'assign-to-me': { group: 'Case and note', title: 'Assign the case to me', keys: ['i'] },
  'open-case': { group: 'Case and note', title: 'Open the tagged case in ServiceNow', keys: [] },
  'untag-case': { group: 'Case and note', title: 'Not this case: take the tag off', keys: [] },
  comment: { group: 'Case and note', title: 'Write to the customer', keys: ['p'] },
  'wrap-up-code': { group: 'Case and note', title: 'Choose the wrap-up code', keys: ['w'] },
  'mend-write': {
    group: 'Case and note',
    title: 'Go to what is not in ServiceNow',
    keys: [],
  },
  finish: { group: 'Case and note', title: 'Finish the call', keys: ['mod+Enter'] },
  // Everywhere
  desk: { group: 'Everywhere', title: 'Desk', keys: ['v'] },
  'call-history': { group: 'Everywhere', title: 'All calls', keys: [] },
  'command-palette': { group: 'Everywhere', title: 'Command palette', keys: ['mod+k'] },
  'leave-field': { group: 'Everywhere', title: 'Leave the field you type in', keys: ['Escape'] },
  alerts: { group: 'Everywhere', title: 'Notifications and sound', keys: [] },
  'telephone-links': { group: 'Everywhere', title: 'Open telephone links with Ringside', keys: [] },
  help: { group: 'Everywhere', title: 'Keyboard help', keys: ['?'] },
} as const satisfies Record<string, ActionText>;

interface ActionText {
  group: 'Calls' | 'This caller' | 'Case and note' | 'Everywhere';
  title: string;
  keys: readonly string[];
}

export type ActionId = keyof typeof actions;

/** An action that can be done just now. */
interface Available {
  id: ActionId;
  /** What it is about just now, for the command palette. */
  detail: string;
  run(): void;
}

let available: readonly Available[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Available[]): void {
  available = next;
  for (const tell of listeners) tell();
}

/** Offers an action until the answer is called. Of two with the same id the one offered last runs. */
export function offerAction(id: ActionId, run: () => void, detail = ''): () => void {
  const offer = { id, detail, run };
  change([...available, offer]);
  return () => change(available.filter((other) => other !== offer));
}

export function subscribeActions(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What can be done just now; the same array until that changes. */
export function availableActions(): readonly Available[] {
  return available;
}

/** What of a key press counts; a KeyboardEvent is one. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** The available action that the press asks for. */
export function actionFor(
  press: KeyPress,
  where: { typing: boolean; mac: boolean },
): Available | null {
  const asked = available.filter(({ id }) =>
    actions[id].keys.some((keys) => asksFor(press, keys, where)),
  );
  return asked.at(-1) ?? null;
}

function asksFor(
  press: KeyPress,
  keys: string,
  { typing, mac }: { typing: boolean; mac: boolean },
): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) ?? '';
  const ctrl = press.ctrlKey || press.metaKey;
  if (parts.includes('mod')) {
    return ctrl && !press.altKey && press.shiftKey === parts.includes('shift') && isKey(press, key);
  }
  if (ctrl || (press.altKey && mac)) return false;
  if (key === 'Escape') return press.key === key;
  if (!isLetter(key)) return !typing && !press.altKey && press.key === key;
  return !press.shiftKey && (!typing || press.altKey) && isKey(press, key);
}

/** By what it types, or by its place where the layout has no Latin letters or Alt changes them. */
function isKey(press: KeyPress, key: string): boolean {
  if (press.key.toLowerCase() === key.toLowerCase()) return true;
  return (
    isLetter(key) && !/^[\x20-\x7e]$/.test(press.key) && press.code === `Key${key.toUpperCase()}`
  );
}

function isLetter(key: string): boolean {
  return /^[a-z]$/.test(key);
}
