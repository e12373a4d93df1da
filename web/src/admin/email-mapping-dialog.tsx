import { Alert, Button, Group, Loader, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { count, counted } from '../ui/moment.ts';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { planEmailMapping } from './email-mapping.ts';
import type { EmailMapping } from './email-mapping.ts';
import { useForm } from './organization-context.ts';
import { PreviewTable } from './preview-table.tsx';
import { connectionLabel } from './connection-label.ts';
import { useEmailMatches } from './use-people-file.ts';

/** Shows who would be mapped to whom by e-mail address, and who not and why; what it does waits for Save like any other edit. */
export function EmailMappingDialog(props: {
  onClose: () => void;
  onMapped: (connectionId: string) => void;
}) {
  const { view, draft, set } = useForm();
  const { connections } = view;
  const [id, setId] = useState((connections.find((one) => one.primary) ?? connections[0])!.id);
  const matches = useEmailMatches(id);
  const connection = connections.find((one) => one.id === id)!;
  const label = connectionLabel(connection, connections);
  const plan =
    matches.data === undefined ? null : planEmailMapping(draft, { id, label }, matches.data);
  const map = ({ mapped }: EmailMapping) => {
    for (const { person, user } of mapped) set(`people.${person.id}.crmUsers.${id}`, user);
    props.onMapped(id);
    props.onClose();
    notifications.show({
      color: 'green',
      message: `${counted(mapped.length, 'person is', 'people are')} filled in. Save keeps ${mapped.length === 1 ? 'it' : 'them'}.`,
    });
  };
  return (
    <Modal opened onClose={props.onClose} title="Map people by e-mail address" size="xl">
      <Stack>
        {connections.length > 1 && (
          <NativeSelect
            label="CRM"
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
            data={connections.map((one) => ({
              value: one.id,
              label: connectionLabel(one, connections),
            }))}
          />
        )}
        {matches.isError && (
          <ProblemAlert error={matches.error} title="The CRM users could not be read" />
        )}
        {matches.isPending && <Loader size="sm" type="dots" aria-label="Comparing addresses" />}
        {plan !== null && <Preview plan={plan} label={label} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {plan !== null && plan.mapped.length === 0 ? 'Close' : 'Cancel'}
          </Button>
          {plan !== null && plan.mapped.length > 0 && (
            <Button onClick={() => map(plan)}>
              Fill in {counted(plan.mapped.length, 'row', 'rows')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Preview({ plan, label }: { plan: EmailMapping; label: string }) {
  const { mapped, unmapped, already } = plan;
  return (
    <>
      <Text size="sm">
        {counted(mapped.length, 'person', 'people')} will be mapped, {count(unmapped.length)} will
        stay unmapped, {count(already)} {already === 1 ? 'has' : 'have'} a {label} user already.
        Nothing is kept before Save.
      </Text>
      {mapped.length + unmapped.length === 0 && (
        <Alert color="green" variant="light">
          Every active person has a {label} user.
        </Alert>
      )}
      {mapped.length > 0 && (
        <PreviewTable
          title="Will be mapped"
          columns={['Person', `${label} user`]}
          rows={mapped.map(({ person, user }) => ({
            key: person.id,
            cells: [
              <Who key="who" name={person.name} email={person.email} />,
              <Who key="user" name={user.name} email={user.email} />,
            ],
          }))}
        />
      )}
      {unmapped.length > 0 && (
        <PreviewTable
          title="Will stay unmapped"
          columns={['Person', 'Why']}
          rows={unmapped.map(({ person, reason }) => ({
            key: person.id,
            cells: [<Who key="who" name={person.name} email={person.email} />, reason],
          }))}
        />
      )}
    </>
  );
}

function Who({ name, email }: { name: string; email: string }) {
  return (
    <>
      {name}
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {email}
      </Text>
    </>
  );
}
