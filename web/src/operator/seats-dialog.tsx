import { Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import type { OperatedOrganization } from '../../../src/organization/operator-contract.ts';
import type { Plan } from '../../../src/organization/plan.ts';
import { FormFoot } from '../ui/form-foot.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useFormSubmit } from '../ui/use-form-submit.ts';
import { SeatInputs } from './seat-inputs.tsx';
import { useOrganizationChanges } from './use-organizations.ts';

/** The pop-up 'Seats': how many of each plan an organization has. */
export function SeatsDialog(props: { organization: OperatedOrganization; onClose: () => void }) {
  const { organization, onClose } = props;
  const { giveSeats } = useOrganizationChanges();
  const totals = Object.fromEntries(organization.seats.map(({ plan, total }) => [plan, total]));
  const form = useForm({
    mode: 'controlled',
    initialValues: { seats: totals as Record<Plan, number> },
  });
  const { onSubmit, busy, problem } = useFormSubmit(form, async ({ seats }) => {
    await giveSeats(organization.id, seats);
    notifications.show({ color: 'green', message: `${organization.name} has its seats.` });
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title={`Seats of ${organization.name}`} size="lg">
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          {problem !== null && <ProblemAlert error={problem} title="Nothing was changed" />}
          <Text size="sm">
            {organization.seats.map(({ plan, used }) => `${used} ${plan}`).join(', ')} in use. From
            now on its administrators see these numbers and cannot change them.
          </Text>
          <SeatInputs
            seats={form.values.seats}
            errors={form.errors}
            onSet={(plan, total) => form.setFieldValue(`seats.${plan}`, total)}
          />
          <FormFoot busy={busy} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
