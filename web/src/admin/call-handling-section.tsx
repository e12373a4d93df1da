import { Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { SectionCard } from '../ui/section-card.tsx';
import classes from './call-handling-section.module.css';
import { CaseTemplates } from './case-templates.tsx';
import { LoggingRules } from './logging-rules.tsx';
import { MissedCallRules } from './missed-call-rules.tsx';
import { OpeningHours } from './opening-hours.tsx';
import { PriorityRules } from './priority-rules.tsx';
import { RetentionRules } from './retention-rules.tsx';
import { sections } from './section-index.tsx';
import { WrapUpRules } from './wrap-up-rules.tsx';

/** 'Call handling': what happens with a call beside ringing. */
export function CallHandlingSection() {
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'call-handling')!}
      lead="What agents choose from when a call ends, what Ringside writes to the CRM, and what becomes of calls that nobody took."
    >
      <Stack gap="xl">
        <Part title="Wrap-up" lead="What a call was about, in one word, for reports and the CRM.">
          <WrapUpRules />
        </Part>
        <Part
          title="Case templates"
          lead="A case opened from a template has its subject, priority and group filled in."
        >
          <CaseTemplates />
        </Part>
        <Part
          title="Priority"
          lead="Which calls stand first on the Desk and in the list of missed calls. The first rule that fits counts; ringing calls stay above the others."
        >
          <PriorityRules />
        </Part>
        <Part
          title="Missed calls"
          lead="Whoever called in vain is listed under Missed until somebody reaches them. A case can be opened for them as well, by itself."
        >
          <MissedCallRules />
        </Part>
        <Part
          title="Opening hours"
          lead="For the rule above, in the organization’s time zone. Days without hours are closed."
        >
          <OpeningHours />
        </Part>
        <Part
          title="Logging"
          lead="Which calls are written to the CRM when they end. How they are written is a setting of each connection."
        >
          <LoggingRules />
        </Part>
        <Part
          title="How long calls are kept"
          lead="What is older is deleted every night. What is in the CRM stays there, and so does a call here that something is still open of."
        >
          <RetentionRules />
        </Part>
      </Stack>
    </SectionCard>
  );
}

function Part({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const heading = useId();
  return (
    <div role="group" aria-labelledby={heading} className={classes.part}>
      <Title order={3} size="h5" id={heading}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {lead}
      </Text>
      {children}
    </div>
  );
}
