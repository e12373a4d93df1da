const scheme = /^(?:sips?|tel|callto|skype|whatsapp|phone):/i;

/**
 * Takes the number out of `"Ada" <sip:+4930123@host;user=phone>`, `tel:7042;phone-context=+49` and
 * the like; null when it has none.
 */
export function numberOfUri(text: string): { text: string; extension: string } | null {
  const inner = /<([^<>]*)>\s*(?:;.*)?$/.exec(text)?.[1]?.trim();
  const address =
    inner !== undefined && (scheme.test(inner) || /^\+?[\d\s().-]+$/.test(inner)) ? inner : text;
  const parameters = /;(?:ext|phone-context|isub|user|transport|cpc|npdi|rn)(?:=|;|$)/i;
  if (!scheme.test(address)) {
    const [user = '', host] = address.split('@');
    if (host !== undefined && /\p{L}/u.test(user)) return null;
    const at = user.search(parameters);
    return at < 0
      ? { text: user, extension: '' }
      : { text: user.slice(0, at), extension: extensionOf(user) };
  }
  const rest = decodePercent(address.replace(scheme, '').replace(/^\/\//, ''));
  const [user = ''] = rest.split(/[;@?:]/);
  // RFC 3966 5.1.5: a local number is to be read behind its context when that is a number.
  const context = parameter(rest, 'phone-context');
  const local = /^\+\d/.test(context) && !user.trim().startsWith('+');
  return { text: local ? context + user : user, extension: extensionOf(rest) };
}

function extensionOf(uri: string): string {
  return parameter(uri, 'ext').replace(/\D/g, '').slice(0, 7);
}

function parameter(uri: string, name: string): string {
  return new RegExp(`;${name}=([^;@?>]*)`, 'i').exec(uri)?.[1] ?? '';
}

function decodePercent(text: string): string {
  return text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
