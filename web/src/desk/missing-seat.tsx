import { Anchor } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { features } from '../../../src/organization/features.ts';
import type { Feature } from '../../../src/organization/features.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { useMe } from '../ui/use-me.ts';
import { Administrators } from './blocked-desk.tsx';

interface MissingSeatProps {
  feature: Feature;
  /** What is missed: `Missed calls need`; the plan follows. */
  title: string;
  /** What the page would show: `The list of … is`. */
  what: string;
}

/** In the place of a page that the viewer's own plan lacks: which plan it takes, and whom to ask for a seat. */
export function MissingSeat({ feature, title, what }: MissingSeatProps) {
  const me = useMe();
  const { plan } = features[feature];
  return (
    <EmptyState icon={<IconLock size={24} />} title={`${title} the ${plan} plan`}>
      {what} part of the {plan} plan and of every higher one.{' '}
      {me.person.plan === null ? 'You have no plan yet.' : `Yours is ${me.person.plan}.`}
      {me.person.role === 'administrator' ? (
        <p>
          You are an administrator: give yourself a seat in{' '}
          <Anchor href="/admin/organization#crm-user-mappings" inherit underline="always">
            CRM User Mappings
          </Anchor>
          .
        </p>
      ) : (
        <Administrators ask="Ask for a seat:" me={me} />
      )}
    </EmptyState>
  );
}
