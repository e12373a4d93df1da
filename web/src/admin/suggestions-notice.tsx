import { Button, Group, Text } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import type { ConnectionRow } from '../../../src/organization/contract.ts';
import { counted } from '../ui/moment.ts';
import { useForm } from './organization-context.ts';
import classes from './suggestions-notice.module.css';
import { connectionLabel } from './connection-label.ts';

interface SuggestionsNoticeProps {
  shown: Readonly<Record<string, boolean>>;
  onShow: (connectionId: string, on: boolean) => void;
}

/** Says that there are suggestions, behind which icon, and offers to use them all. Nobody is mapped without a click. */
export function SuggestionsNotice({ shown, onShow }: SuggestionsNoticeProps) {
  const { view } = useForm();
  return view.connections.map((connection) => (
    <OneCrm
      key={connection.id}
      connection={connection}
      label={connectionLabel(connection, view.connections)}
      shown={shown[connection.id] === true}
      onShow={() => onShow(connection.id, true)}
    />
  ));
}

function OneCrm(props: {
  connection: ConnectionRow;
  label: string;
  shown: boolean;
  onShow: () => void;
}) {
  const { connection, label, shown, onShow } = props;
  const { suggestions, set } = useForm();
  const offers = suggestions[connection.id] ?? new Map();
  if (offers.size === 0) return null;
  const useAll = () => {
    for (const [personId, user] of offers) {
      set(`people.${personId}.crmUsers.${connection.id}`, { ...user, active: true });
    }
  };
  return (
    <Group className={classes.notice} gap="sm" mb="md">
      <IconBulb size={18} aria-hidden="true" />
      <Text size="sm" style={{ flex: '1 1 14rem' }}>
        {counted(offers.size, 'person has', 'people have')} the e-mail address of a {label} user.
      </Text>
      {shown ? (
        <Button size="compact-sm" variant="default" onClick={useAll}>
          {offers.size === 1 ? 'Use the suggestion' : `Use all ${offers.size} suggestions`}
        </Button>
      ) : (
        <Button size="compact-sm" variant="default" onClick={onShow}>
          Show suggestions
        </Button>
      )}
    </Group>
  );
}
