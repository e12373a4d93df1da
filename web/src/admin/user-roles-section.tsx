import { Checkbox, SimpleGrid, Text } from '@mantine/core';
import { permissionNames, permissions } from '../../../src/organization/permission.ts';
import type { Permission } from '../../../src/organization/permission.ts';
import { counted } from '../ui/moment.ts';
import { SectionCard } from '../ui/section-card.tsx';
import { useForm } from './organization-context.ts';
import { sections } from './section-index.tsx';

/** 'User Roles': what agents may do. */
export function UserRolesSection() {
  const { draft, set } = useForm();
  const may = permissionNames.filter((one) => !draft.agentsMayNot.includes(one));
  const count = (role: string) =>
    draft.people.filter((person) => person.active && person.role === role).length;
  const change = (allowed: Permission[]) =>
    set(
      'agentsMayNot',
      permissionNames.filter((one) => !allowed.includes(one)),
    );
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'user-roles')!}
      lead="What people may do beside their plan. Give roles under CRM User Mappings."
    >
      <Checkbox.Group
        label={`Agents (${counted(count('agent'), 'person', 'people')}) may`}
        description="What is not ticked the Desk does not offer and the server refuses."
        value={may}
        onChange={(value) => change(value)}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" mt="sm">
          {permissionNames.map((name) => (
            <Checkbox
              key={name}
              value={name}
              label={permissions[name].title}
              description={permissions[name].help}
              data-path="agentsMayNot"
            />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      <Text size="sm" mt="lg">
        <b>Supervisors</b> ({counted(count('supervisor'), 'person', 'people')}) may all of this, and
        see everybody’s calls. <b>Administrators</b> (
        {counted(count('administrator'), 'person', 'people')}) may all of that, and change what
        stands on this page.
      </Text>
    </SectionCard>
  );
}
