/** The id of a record that a write is still making in the CRM; it takes the place of the CRM's own until that is known. */
export function pendingId(writeId: string): string {
  return `new-${writeId}`;
}

/** No CRM of ours gives such ids. */
export function isPending(id: string): boolean {
  return /^new-[0-9a-f-]{36}$/.test(id);
}

/** The write that makes the record; null for an id of the CRM. */
export function writeOfPending(id: string): string | null {
  return isPending(id) ? id.slice('new-'.length) : null;
}
