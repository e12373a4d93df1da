import { Modal, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useState } from 'react';
import { operatedOrganizationInput } from '../../../src/organization/operator-contract.ts';
import { CountrySelect } from '../ui/country-select.tsx';
import { FormFoot } from '../ui/form-foot.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { TimeZoneSelect } from '../ui/time-zone-select.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { useMe } from '../ui/use-me.ts';
import { FirstInvitation } from './first-invitation.tsx';
import type { Invited } from './first-invitation.tsx';
import { SeatInputs } from './seat-inputs.tsx';
import { useOrganizationChanges } from './use-organizations.ts';
import type { OrganizationValues } from './use-organizations.ts';

/** The pop-up 'Add organization': what it is called, its seats, its first administrator; then their link. */
export function OrganizationDialog({ onClose }: { onClose: () => void }) {
  const { organization } = useMe();
  const { create } = useOrganizationChanges();
  const [invited, setInvited] = useState<Invited | null>(null);
  const form = useForm<OrganizationValues>({
    mode: 'controlled',
    initialValues: {
      name: '',
      country: organization.country,
      timeZone: organization.timeZone,
      seats: { View: 0, Core: 0, Engage: 0, Enterprise: 0 },
      administrator: { name: '', email: '' },
    },
    validate: schemaResolver(operatedOrganizationInput, { sync: true }),
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async (values) => {
    const { invitationUrl, mailed } = await create(values);
    setInvited({ ...values.administrator, invitationUrl, mailed });
  });
  if (invited !== null) {
    return (
      <Modal
        opened
        onClose={onClose}
        closeOnClickOutside={false}
        title={`${form.values.name} is there`}
      >
        <FirstInvitation invited={invited} onClose={onClose} />
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} closeOnClickOutside={false} title="Add organization" size="lg">
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <FormProblem problem={problem} title="Nothing was added" />
          <TextInput
            label="Organization"
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <CountrySelect label="Country" {...form.getInputProps('country')} />
            <TimeZoneSelect label="Time zone" {...form.getInputProps('timeZone')} />
          </SimpleGrid>
          <SeatInputs
            seats={form.values.seats}
            errors={form.errors}
            onSet={(plan, total) => form.setFieldValue(`seats.${plan}`, total)}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput
              label="First administrator"
              placeholder="Their name"
              autoComplete="off"
              {...form.getInputProps('administrator.name')}
            />
            <TextInput
              label="Their e-mail"
              type="email"
              autoComplete="off"
              {...form.getInputProps('administrator.email')}
            />
          </SimpleGrid>
          <FormFoot busy={busy} submit="Add and invite" onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
