/**
 * The server's policy lets no text become markup or the address of a script (Trusted Types). This one policy says what is let through
 * all the same; it runs before everything else.
 */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML(text: string): string | null; createScriptURL(url: string): string | null },
  ): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

trustedTypes?.createPolicy('default', {
  // Mantine fills style elements by innerHTML. What holds no '<' makes no element.
  createHTML: (text) => (text.includes('<') ? null : text),
  // The shared worker, and nothing but our own built files.
  createScriptURL: (url) => {
    const { origin, pathname } = new URL(url, window.location.href);
    return origin === window.location.origin && pathname.startsWith('/assets/') ? url : null;
  },
});
