import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconLink, IconShieldOff, IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { memo } from 'react';
import type { PersonRow } from '../../../src/organization/contract.ts';
import type { OrganizationForm } from './use-organization-form.ts';

interface PersonMenuProps {
  person: PersonRow;
  set: OrganizationForm['set'];
  onNewLink: (person: PersonRow) => void;
  onReset: (person: PersonRow) => void;
}

/** What else can be done with a person. */
export const PersonMenu = memo(function PersonMenu({
  person,
  set,
  onNewLink,
  onReset,
}: PersonMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`More for ${person.name}`}>
          <IconDots size={18} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {person.active && (
          <Menu.Item
            leftSection={<IconLink size={16} aria-hidden="true" />}
            onClick={() => onNewLink(person)}
          >
            {person.invited ? 'Invite again' : 'New password link'}
          </Menu.Item>
        )}
        {person.secondFactor && (
          <Menu.Item
            leftSection={<IconShieldOff size={16} aria-hidden="true" />}
            onClick={() => onReset(person)}
          >
            Reset two-factor sign-in
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={
            person.active ? (
              <IconUserOff size={16} aria-hidden="true" />
            ) : (
              <IconUserCheck size={16} aria-hidden="true" />
            )
          }
          onClick={() => set(`people.${person.id}.active`, !person.active)}
        >
          {person.active ? 'Deactivate with the next Save' : 'Activate with the next Save'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
});
