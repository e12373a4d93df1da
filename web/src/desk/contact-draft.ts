import type { ContactDraft } from './contact-form.tsx';

/** What was typed of a new contact, for this tab alone and until it is closed. */

const place = (callId: string) => `ringside.new-contact.${callId}`;

export function keepDraft(callId: string, draft: ContactDraft): void {
  try {
    sessionStorage.setItem(place(callId), JSON.stringify(draft));
  } catch {
    // Storage that is full or forbidden only costs the convenience.
  }
}

export function keptDraft(callId: string): ContactDraft | null {
  try {
    return JSON.parse(sessionStorage.getItem(place(callId)) ?? 'null') as ContactDraft | null;
  } catch {
    return null;
  }
}

export function forgetDraft(callId: string): void {
  try {
    sessionStorage.removeItem(place(callId));
  } catch {
    // As above.
  }
}
