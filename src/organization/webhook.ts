/** What a webhook may be told of. */
export const webhookEvents = [
  'call.started',
  'call.answered',
  'call.ended',
  'case.created',
  'check.failed',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Where a webhook may point: https, or http on this very machine; without a name and password in it. */
export function webhookUrlFault(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || /[\s\p{Cc}]/u.test(text))
    return 'This is not a URL. Write it like https://example.com/hook.';
  if (url.username !== '' || url.password !== '')
    return 'Leave user name and password out: requests are signed instead.';
  const here = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && here)) return null;
  return 'Write https://: others could read the calls on the way.';
}
