import { usePhoneLinks } from './use-phone-links.ts';

const listId = 'seen-extensions';

/** For `list` of an input: the extensions that the phone systems know; undefined where none are known. */
export function useSeenExtensions(): string | undefined {
  return useExtensions().length > 0 ? listId : undefined;
}

/** Offers the extensions seen on the phone systems; put once on a page. */
export function SeenExtensions() {
  return (
    <datalist id={listId}>
      {useExtensions().map((extension) => (
        <option key={extension} value={extension} />
      ))}
    </datalist>
  );
}

function useExtensions(): string[] {
  const links = [...usePhoneLinks().values()];
  return [...new Set(links.flatMap((link) => link.extensions))].toSorted();
}
