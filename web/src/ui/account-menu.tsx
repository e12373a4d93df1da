import { Avatar, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Me } from '../../../src/organization/contract.ts';
import classes from './shell.module.css';
import { signOut } from './sign-out.ts';

/** Who is signed in, their account, and the way out. */
export function AccountMenu({ me }: { me: Me }) {
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.link}>
          <VisuallyHidden>Account of {me.person.name}</VisuallyHidden>
          <Avatar name={me.person.name} color="petrol" size={30} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
            {me.person.name}
          </Text>
          <Text size="xs" truncate>
            {me.person.email}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to="/account"
          leftSection={<IconUser size={17} aria-hidden="true" />}
        >
          My account
        </Menu.Item>
        <Menu.Item
          onClick={() => void signOut()}
          leftSection={<IconLogout size={17} aria-hidden="true" />}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
