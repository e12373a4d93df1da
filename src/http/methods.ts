/** A route as it was registered: `/api/v1/people/:id/invitation`. */
export interface KnownRoute {
  url: string;
  methods: string[];
}

/** The methods that `path` answers to, sorted; [] when no route has this path. Routes that catch everything do not count. */
export function allowedMethods(routes: KnownRoute[], path: string): string[] {
  const segments = path.split('/');
  const matching = routes.filter(({ url }) => {
    const pattern = url.split('/');
    return (
      pattern.length === segments.length &&
      !url.includes('*') &&
      pattern.every((part, index) =>
        part.startsWith(':') ? segments[index] !== '' : part === segments[index],
      )
    );
  });
  return [...new Set(matching.flatMap(({ methods }) => methods))].toSorted();
}
