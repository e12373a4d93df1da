import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meQuery } from '../ui/use-me.ts';
import type { DeskView } from './desk-view.ts';

/** An administrator changed what this person may see: read again who we are, such as the plan, the extension or a permission. */
export function useFreshMe({ states }: DeskView): void {
  const queries = useQueryClient();
  useEffect(() => void queries.invalidateQueries(meQuery), [queries, states]);
}
