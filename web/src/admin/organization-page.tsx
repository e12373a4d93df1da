import { Skeleton, Stack } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { OrganizationView } from '../../../src/organization/contract.ts';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { ApiKeysSection } from './api-keys-section.tsx';
import { AuditSection } from './audit-section.tsx';
import { CallHandlingSection } from './call-handling-section.tsx';
import { CollisionNotice } from './collision-notice.tsx';
import { ConnectionsSection } from './connections-section.tsx';
import { summaryOf } from './edit-summary.ts';
import { LeaveGuard } from './leave-guard.tsx';
import { MappingsSection } from './mappings-section.tsx';
import { OrganizationContext } from './organization-context.ts';
import classes from './organization-page.module.css';
import { OutboxSection } from './outbox-section.tsx';
import { PhoneSystemsSection } from './phone-systems-section.tsx';
import { PlansSection } from './plans-section.tsx';
import { PrivacySection } from './privacy-section.tsx';
import { RefusalNotice } from './refusal-notice.tsx';
import { focusPath } from './reveal.ts';
import type { Reveal } from './reveal.ts';
import { RingsideSection } from './ringside-section.tsx';
import { SaveBar } from './save-bar.tsx';
import { SectionIndex } from './section-index.tsx';
import { SigningInSection } from './signing-in-section.tsx';
import { SystemsCheckDialog } from './systems-check-dialog.tsx';
import { useOrganizationForm } from './use-organization-form.ts';
import { useOrganization } from './use-organization.ts';
import { useSystemsCheck } from './use-systems-check.ts';
import { TeamsSection } from './teams-section.tsx';
import { UserRolesSection } from './user-roles-section.tsx';
import { WebhooksSection } from './webhooks-section.tsx';

/** Administration > Manage Organization. */
export function OrganizationPage() {
  const organization = useOrganization();
  return (
    <Page title="Manage Organization" width="wide">
      {organization.isError && organization.data === undefined && (
        <ProblemAlert error={organization.error} title="The organization could not be loaded" />
      )}
      {organization.isPending && <Waiting />}
      {organization.data !== undefined && <ManageOrganization view={organization.data} />}
    </Page>
  );
}

function ManageOrganization({ view }: { view: OrganizationView }) {
  const form = useOrganizationForm(view);
  const check = useSystemsCheck(view.connections);
  const [reveal, setReveal] = useState<Reveal | null>(null);
  const onReveal = useCallback((path: string) => {
    setReveal({ path });
    focusPath(path);
  }, []);
  return (
    <OrganizationContext value={form}>
      <LeaveGuard summary={summaryOf(view, form.edits)} />
      <div className={classes.columns}>
        <SectionIndex />
        <div className={classes.sections}>
          <SaveBar />
          <RefusalNotice onReveal={onReveal} />
          <CollisionNotice />
          <Stack gap="lg">
            <RingsideSection check={check} />
            <ConnectionsSection check={check} />
            <MappingsSection reveal={reveal} />
            <UserRolesSection />
            <TeamsSection />
            <PhoneSystemsSection />
            <PlansSection />
            <CallHandlingSection />
            <SigningInSection />
            <OutboxSection />
            <ApiKeysSection />
            <WebhooksSection />
            <PrivacySection />
            <AuditSection />
          </Stack>
        </div>
      </div>
      <SystemsCheckDialog
        check={check}
        connections={view.connections}
        phoneSystems={view.phoneSystems}
      />
    </OrganizationContext>
  );
}

function Waiting() {
  return (
    <Stack gap="lg" aria-busy="true" aria-label="Loading">
      {[220, 180, 320].map((height) => (
        <Skeleton key={height} height={height} radius="lg" />
      ))}
    </Stack>
  );
}
