import { Stack, Text } from '@mantine/core';
import { Page } from '../ui/page.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { useMe } from '../ui/use-me.ts';
import { AlertsSection } from './alerts-section.tsx';
import { ColorSchemeSection } from './color-scheme-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { SecondFactorSection } from './second-factor-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { TelephoneLinksSection } from './telephone-links-section.tsx';

export function AccountPage() {
  const { person, organization, singleSignOn } = useMe();
  const facts = [
    person.role,
    person.plan === null ? 'no plan' : `${person.plan} plan`,
    person.extension === null ? 'no extension' : `extension ${person.extension}`,
  ];
  return (
    <Page
      title="My account"
      lead={
        <>
          {person.name}, {person.email}
          <Text span display="block" size="sm">
            {organization.name}: {facts.join(', ')}
          </Text>
        </>
      }
    >
      <Stack gap="lg">
        <SessionsSection />
        {singleSignOn ? (
          <SectionCard
            title="Signing in"
            lead="You came in by single sign-on. Your password and second factor are those of your organization’s sign-in service."
          >
            <Text size="sm">Change them there; Ringside asks for neither.</Text>
          </SectionCard>
        ) : (
          <>
            <PasswordSection />
            <SecondFactorSection />
          </>
        )}
        <AlertsSection />
        <TelephoneLinksSection />
        <ColorSchemeSection />
      </Stack>
    </Page>
  );
}
