import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { PhoneSystemRow } from '../../../src/organization/contract.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { HookUrl } from './hook-url.tsx';
import { useTokenRenew } from './use-phone-systems.ts';

/** Replaces a hook URL, for when it got into wrong hands or was lost. */
export function TokenRenewal({ system, onClose }: { system: PhoneSystemRow; onClose: () => void }) {
  const renew = useTokenRenew();
  return (
    <Modal
      opened
      onClose={onClose}
      title={`New hook URL for ${system.name}`}
      closeOnClickOutside={false}
      size={renew.isSuccess ? 'lg' : 'md'}
    >
      {renew.isSuccess ? (
        <HookUrl
          url={renew.data.hookUrl}
          signed={system.signed}
          generic={system.kind === 'webhook'}
          onClose={onClose}
        />
      ) : (
        <Stack>
          {renew.isError && <ProblemAlert error={renew.error} title="The old one still works" />}
          <Text size="sm">
            The address that {system.name} uses now stops working at once. No phone rings here until
            it has the new one.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              Cancel
            </Button>
            <Button loading={renew.isPending} onClick={() => renew.mutate(system.id)}>
              Make a new hook URL
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
