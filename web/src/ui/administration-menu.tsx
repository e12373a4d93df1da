import { Menu, UnstyledButton } from '@mantine/core';
import { IconBuilding, IconChevronDown } from '@tabler/icons-react';
import { Link, useMatchRoute } from '@tanstack/react-router';
import classes from './shell.module.css';

/** 'Administration' at the top right, for administrators. */
export function AdministrationMenu() {
  const isHere = useMatchRoute()({ to: '/admin', fuzzy: true }) !== false;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <UnstyledButton className={classes.link} data-active={isHere || undefined}>
          Administration <IconChevronDown size={15} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to="/admin/organization"
          leftSection={<IconBuilding size={17} aria-hidden="true" />}
        >
          Manage Organization
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
