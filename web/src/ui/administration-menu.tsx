import { Menu, UnstyledButton } from '@mantine/core';
import { IconBuilding, IconBuildingCommunity, IconChevronDown } from '@tabler/icons-react';
import { Link, useMatchRoute } from '@tanstack/react-router';
import type { Me } from '../../../src/organization/contract.ts';
import { includesRole } from '../../../src/organization/plan.ts';
import classes from './shell.module.css';

/** 'Administration' at the top right, for administrators and operators. */
export function AdministrationMenu({ me }: { me: Me }) {
  const isHere = useMatchRoute()({ to: '/admin', fuzzy: true }) !== false;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <UnstyledButton className={classes.link} data-active={isHere || undefined}>
          Administration <IconChevronDown size={15} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {includesRole(me.person.role, 'administrator') && (
          <Menu.Item
            component={Link}
            to="/admin/organization"
            leftSection={<IconBuilding size={17} aria-hidden="true" />}
          >
            Manage Organization
          </Menu.Item>
        )}
        {me.operator && (
          <Menu.Item
            component={Link}
            to="/admin/organizations"
            leftSection={<IconBuildingCommunity size={17} aria-hidden="true" />}
          >
            Organizations
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
