import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';

/** Hands over the number of an address `/desk?call=tel:…`, which telephone links lead to, and takes it out of the address. */
export function useDialLink(onNumber: (number: string) => void): void {
  const navigate = useNavigate();
  const asked = useRouterState({
    select: ({ location }) => (location.pathname === '/desk' ? location.search.call : undefined),
  });
  const ask = useEffectEvent(onNumber);
  useEffect(() => {
    if (asked === undefined) return;
    ask(asked);
    // Once is enough: a reload does not ask again.
    void navigate({ to: '/desk', search: {}, replace: true });
  }, [asked, navigate]);
}
