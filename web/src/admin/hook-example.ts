/**
 * Commands that ring an extension and hang up again, ready to paste into a shell. With a secret they sign the body, as
 * the phone system must then do: HMAC-SHA256 of the raw body in hex.
 */
export function hookExample(
  hookUrl: string,
  options: { extension: string; signed: boolean },
): string {
  const { extension, signed } = options;
  const call = { direction: 'in', from: '+493012345678', to: '+4930555000', user: extension };
  return [
    '# The phone rings:',
    // A new id each time, or the second try would be the same call.
    'CALL=test-$(date +%s)',
    post(hookUrl, bodyOf({ event: 'newCall', ...call }), signed),
    'sleep 20',
    '# … and stops:',
    post(hookUrl, bodyOf({ event: 'hangup', ...call, cause: 'cancel' }), signed),
  ].join('\n');
}

/** JSON in single quotes, with the shell's variable for the call's id. */
function bodyOf(event: Record<string, string>): string {
  const json = JSON.stringify({ callId: 'CALL', ...event }).replaceAll("'", String.raw`'\''`);
  return `'${json.replace('"CALL"', `"'$CALL'"`)}'`;
}

function post(url: string, body: string, signed: boolean): string {
  const lines = [`curl -w '%{http_code}\\n' '${url}'`, `-H 'content-type: application/json'`];
  if (!signed) return [...lines, `-d ${body}`].join(' \\\n  ');
  const hmac = `$(printf %s "$BODY" | openssl dgst -sha256 -hmac 'YOUR SECRET' | sed 's/^.* //')`;
  return `BODY=${body}\n${[...lines, `-H "x-ringside-signature: ${hmac}"`, '-d "$BODY"'].join(' \\\n  ')}`;
}
