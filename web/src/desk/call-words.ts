export interface CallWords {
  title: string;
  /** Whose number it is; null where nobody knows. */
  name: string | null;
  /** What happens, or why Ringside cannot call. */
  hint: string;
}

/** What the question before a call says. The number stands in its title alone: who dials by hand reads it there. */
export function callWords(call: {
  /** As people write it. */
  number: string;
  name: string | null;
  /** Why Ringside cannot ring the agent's phone; null: it can. */
  whyNot: string | null;
  /** The device's own telephone app may call. */
  byDevice: boolean;
  /** The phone rings already. */
  pending: boolean;
}): CallWords {
  return { title: `Call ${call.number}?`, name: call.name, hint: hintOf(call) };
}

function hintOf({ whyNot, byDevice, pending }: Parameters<typeof callWords>[0]): string {
  if (whyNot === null)
    return pending
      ? 'Your phone rings now. Lift it, and the number is dialled.'
      : 'Your phone rings first. When you lift it, the number is dialled.';
  const byHand = 'Dial the number on your phone';
  return byDevice
    ? `${whyNot} ${byHand}, or let this device’s telephone app do it.`
    : `${whyNot} ${byHand}.`;
}
