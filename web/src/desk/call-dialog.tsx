import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lookupAnswer } from '../../../src/desk/contract.ts';
import type { CallerNumber, Match } from '../../../src/desk/contract.ts';
import { api, nothing } from '../ui/api.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { callWords } from './call-words.ts';
import { telephoneLink } from './cannot-call.ts';
import { lastDialled } from './last-dialled.ts';
import { isMasked } from './wording.ts';

export interface DialRequest {
  /** As text: typed by somebody, or out of a telephone link. */
  number: CallerNumber | string;
  /** Another page asks for it: Enter alone does not place the call. */
  fromLink?: boolean;
}

/**
 * Asks before a number is called through the agent's own phone, and tells what became of it; where no phone system can be asked, the
 * device's own telephone app may call. It belongs to the app and not to a call: the call that it places may push the other from its place.
 */
export function CallDialog({
  number,
  fromLink = false,
  whyNot,
  onClose,
}: DialRequest & { whyNot: string | null; onClose: () => void }) {
  const typed = typeof number === 'string' ? number : (number.e164 ?? number.raw);
  const found = useWhoHas(typed);
  const shown = typeof number === 'string' ? (found?.caller.display ?? number) : number.display;
  const dialled = found?.caller.e164 ?? typed;
  const name = found === undefined ? null : nameOf(found.match);
  const remember = () =>
    lastDialled.write({ number: dialled, name: (name ?? shown).slice(0, 300) });
  // A link to the device would come back here where Ringside opens its telephone links.
  const device = isMasked({ display: shown }) || fromLink ? null : telephoneLink(dialled);
  const call = useMutation({
    mutationFn: () => api.post('/desk/call', { number: dialled }, nothing),
    onMutate: remember,
    onSuccess: onClose,
  });
  const words = callWords({
    ...{ number: shown, name, whyNot },
    ...{ byDevice: device !== null, pending: call.isPending },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={<span className="tabular">{words.title}</span>}
      size="sm"
    >
      <Stack>
        {call.isError && <ProblemAlert error={call.error} title="The call was not placed" />}
        {words.name !== null && <Text fw={600}>{words.name}</Text>}
        {fromLink && (
          <Text size="sm" c="dimmed">
            A telephone link asks for this call.
          </Text>
        )}
        <Text size="sm" role="status">
          {words.hint}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {call.isPending ? 'Close' : 'Cancel'}
          </Button>
          {whyNot === null && (
            <Button
              onClick={() => call.mutate()}
              loading={call.isPending}
              {...(fromLink ? {} : { 'data-autofocus': true })}
            >
              Call
            </Button>
          )}
          {whyNot !== null && device !== null && (
            <Button
              component="a"
              href={device}
              onClick={() => {
                remember();
                onClose();
              }}
              data-autofocus
            >
              Call with this device
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

/** Whose number it is and how it is dialled; a call does not wait for that. */
function useWhoHas(number: string) {
  const { data } = useQuery({
    queryKey: ['lookup', number],
    queryFn: ({ signal }) =>
      api.get(`/lookup?number=${encodeURIComponent(number)}`, lookupAnswer, { signal }),
    retry: false,
    staleTime: 60_000,
  });
  return data;
}

function nameOf({ candidates, chosen, sharedCustomer }: Match): string | null {
  const one = candidates.find(({ key }) => key === chosen);
  if (one === undefined) return sharedCustomer?.name ?? null;
  const company = one.customer?.name ?? '';
  const parts = [one.name, company === one.name ? '' : company].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(', ');
}
