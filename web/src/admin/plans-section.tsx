import { Progress, SimpleGrid, Text } from '@mantine/core';
import { features } from '../../../src/organization/features.ts';
import type { Plan } from '../../../src/organization/plan.ts';
import { usedSeats } from '../../../src/organization/seats.ts';
import { count } from '../ui/moment.ts';
import { SectionCard } from '../ui/section-card.tsx';
import { useForm } from './organization-context.ts';
import classes from './plans-section.module.css';
import { PlanHolders } from './plan-holders.tsx';
import { SeatsInput } from './seats-input.tsx';
import { sections } from './section-index.tsx';

/** What a plan adds to those before it. */
function additionsOf(plan: Plan): string {
  const added = Object.values(features).filter((feature) => feature.plan === plan);
  return added.map(({ title }) => title).join(', ');
}

/** 'Plans': how many seats of each plan there are, and how many are taken. */
export function PlansSection() {
  const { view, draft, errors, set } = useForm();
  const used = usedSeats(draft.people);
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'plans')!}
      lead="Everybody who is to see callers needs a seat of the View plan or a higher one; each plan includes those before it. A person without one can sign in, and is told what to ask for and whom."
    >
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="md">
        {draft.seats.map(({ plan, total }) => (
          <div key={plan} className={classes.plan}>
            <Text fw={650}>{plan}</Text>
            <Text size="xs" c="dimmed" mb="sm" flex={1}>
              {additionsOf(plan)}
            </Text>
            <Progress
              value={total === 0 ? 0 : Math.min(100, (used[plan] / total) * 100)}
              color={used[plan] > total ? 'red' : 'petrol'}
              size="sm"
              aria-hidden="true"
            />
            <Text size="sm" className="tabular" mt={6} mb="sm">
              {count(used[plan])} of {count(total)} used, {count(Math.max(0, total - used[plan]))}{' '}
              free
            </Text>
            {!view.seatsByOperator && (
              <SeatsInput plan={plan} total={total} error={errors[`seats.${plan}`]} onSet={set} />
            )}
          </div>
        ))}
      </SimpleGrid>
      {view.seatsByOperator && (
        <Text size="sm" c="dimmed" mt="md">
          Your provider gives these seats. Ask them for more.
        </Text>
      )}
      <PlanHolders />
    </SectionCard>
  );
}
