import { Burger, Divider, Drawer, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconBuilding,
  IconBuildingCommunity,
  IconHeadset,
  IconHistory,
  IconLogout,
  IconPhoneOff,
  IconUser,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Me } from '../../../src/organization/contract.ts';
import { MissedCount } from '../missed/missed-count.tsx';
import classes from './shell.module.css';
import { signOut } from './sign-out.ts';

/** The whole navigation behind a burger, for narrow windows. */
export function NarrowMenu({ me, isAdministrator }: { me: Me; isAdministrator: boolean }) {
  const [opened, { open, close }] = useDisclosure(false);
  const link = {
    className: classes.drawerLink,
    onClick: close,
    activeProps: { 'data-active': true },
  };
  return (
    <>
      <Burger opened={opened} onClick={open} size="sm" aria-label="Menu" aria-expanded={opened} />
      <Drawer opened={opened} onClose={close} position="right" size={300} title="Menu">
        <Stack component="nav" aria-label="Main" gap={4}>
          <Link to="/desk" {...link}>
            <IconHeadset size={20} aria-hidden="true" /> Desk
          </Link>
          <Link to="/calls" {...link}>
            <IconHistory size={20} aria-hidden="true" /> Calls
          </Link>
          <Link to="/missed" {...link}>
            <IconPhoneOff size={20} aria-hidden="true" /> Missed <MissedCount />
          </Link>
          {isAdministrator && (
            <>
              <Text size="xs" c="dimmed" fw={600} px="sm" pt="sm">
                Administration
              </Text>
              <Link to="/admin/organization" {...link}>
                <IconBuilding size={20} aria-hidden="true" /> Manage Organization
              </Link>
            </>
          )}
          {me.operator && (
            <Link to="/admin/organizations" {...link}>
              <IconBuildingCommunity size={20} aria-hidden="true" /> Organizations
            </Link>
          )}
          <Divider my="sm" />
          <Text size="xs" c="dimmed" px="sm">
            {me.person.name}
          </Text>
          <Link to="/account" {...link}>
            <IconUser size={20} aria-hidden="true" /> My account
          </Link>
          <UnstyledButton className={classes.drawerLink} onClick={() => void signOut()}>
            <IconLogout size={20} aria-hidden="true" /> Sign out
          </UnstyledButton>
        </Stack>
      </Drawer>
    </>
  );
}
