import { NativeSelect } from '@mantine/core';
import { memo } from 'react';
import type { Role } from '../../../src/organization/plan.ts';

/** Roles as the screen names them. */
export const roleOptions: { value: Role; label: string }[] = [
  { value: 'agent', label: 'Agent' },
  { value: 'supervisor', label: 'Supervisor' },
  { value: 'administrator', label: 'Administrator' },
];

interface RoleSelectProps {
  personName: string;
  path: string;
  value: Role;
  error: string | undefined;
  onSet: (path: string, value: Role) => void;
}

export const RoleSelect = memo(function RoleSelect({
  personName,
  path,
  value,
  error,
  onSet,
}: RoleSelectProps) {
  return (
    <NativeSelect
      aria-label={`Role of ${personName}`}
      data={roleOptions}
      value={value}
      onChange={(event) => onSet(path, event.currentTarget.value as Role)}
      error={error}
      data-path={path}
      size="xs"
    />
  );
});
