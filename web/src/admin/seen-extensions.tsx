import { usePhoneLinks } from './use-phone-links.ts';

/** For `list` of an input: the extensions that the phone systems know. */
export const seenExtensionsId = 'seen-extensions';

/** Offers the extensions seen on the phone systems; put once on a page. */
export function SeenExtensions() {
  const links = [...usePhoneLinks().values()];
  const extensions = [...new Set(links.flatMap((link) => link.extensions))].toSorted();
  return (
    <datalist id={seenExtensionsId}>
      {extensions.map((extension) => (
        <option key={extension} value={extension} />
      ))}
    </datalist>
  );
}
