import { useMutation } from '@tanstack/react-query';
import { pop as popSchema } from '../../../src/desk/contract.ts';
import type { Pop } from '../../../src/desk/contract.ts';
import { api } from '../ui/api.ts';
import { useDeskActions } from './desk-actions.ts';

/** One request about the work on a call; its answer is the pop as it is now, and is shown at once. */
export function useWork(callId: string, method: 'post' | 'put' | 'delete', path: string) {
  const { ask } = useDeskActions();
  return useMutation({
    mutationFn: (body: object): Promise<Pop> => {
      const url = `/desk/calls/${callId}/${path}`;
      return ask(() =>
        method === 'delete' ? api.delete(url, popSchema) : api[method](url, body, popSchema),
      );
    },
  });
}
