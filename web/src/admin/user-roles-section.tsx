import { Checkbox, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { numberMaskChoices } from '../../../src/organization/number-mask.ts';
import type { NumbersMaskedFor } from '../../../src/organization/number-mask.ts';
import { permissionNames, permissions } from '../../../src/organization/permission.ts';
import type { Permission } from '../../../src/organization/permission.ts';
import { counted } from '../ui/moment.ts';
import { SectionCard } from '../ui/section-card.tsx';
import { useForm } from './organization-context.ts';
import { sections } from './section-index.tsx';

/** As the screen names them. */
const maskLabels: Record<NumbersMaskedFor, string> = {
  nobody: 'Nobody',
  agents: 'Agents',
  supervisors: 'Agents and supervisors',
};

/** 'User Roles': what agents may do, and who sees numbers. */
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
      <Radio.Group
        label="Telephone numbers are hidden but for their last digits from"
        description="Whoever does not see a number can still call it back, attach it and choose whose it is; they find calls by typing all of a number. Exports and live screens are masked too."
        value={draft.numbersMaskedFor}
        onChange={(value) => set('numbersMaskedFor', value)}
        mt="lg"
      >
        <Stack gap="xs" mt="sm">
          {numberMaskChoices.map((choice) => (
            <Radio
              key={choice}
              value={choice}
              label={maskLabels[choice]}
              data-path="numbersMaskedFor"
            />
          ))}
        </Stack>
      </Radio.Group>
      <Text size="sm" mt="lg">
        <b>Supervisors</b> ({counted(count('supervisor'), 'person', 'people')}) may all of this, and
        see everybody’s calls, or those of the teams they supervise. <b>Administrators</b> (
        {counted(count('administrator'), 'person', 'people')}) may all of that, and change what
        stands on this page.
      </Text>
    </SectionCard>
  );
}
