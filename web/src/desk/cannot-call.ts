import type { DeskView } from './desk-view.ts';

/** Why Ringside cannot ring the agent's phone to place a call; null while it can, or before that is known. */
export function whyNoCalls({
  line,
  canCall,
  phoneLinks,
}: Pick<DeskView, 'line' | 'canCall' | 'phoneLinks'>): string | null {
  if (canCall || line !== 'live') return null;
  const names = phoneLinks.map(({ name }) => name);
  return names.length > 0
    ? `Ringside is not connected with ${new Intl.ListFormat('en').format(names)} just now, so it cannot ring your phone.`
    : 'Your phone system tells Ringside of calls but cannot be asked to place one, so Ringside cannot ring your phone. Asterisk, FreeSWITCH and 3CX can be asked.';
}

/** A link that this device's own telephone app opens; null for what is no number. */
export function telephoneLink(number: string): string | null {
  const plain = number.replaceAll(/[\s()./-]/g, '');
  return /^\+?[0-9*#]{1,20}$/.test(plain) ? `tel:${plain.replaceAll('#', '%23')}` : null;
}
