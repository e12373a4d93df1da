import { List, Loader, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { CallSummary } from '../../../src/desk/call-summary-contract.ts';
import type { CallStory } from '../../../src/reports/contract.ts';
import { MissingSeat } from '../desk/missing-seat.tsx';
import { dateTime, timeToTheSecond } from '../ui/moment.ts';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { CallTraces } from './call-traces.tsx';
import { CallSummaryLines } from './call-summary.tsx';
import { FoundFacts } from './found-facts.tsx';
import { PopFacts } from './pop-facts.tsx';
import { Reason } from './reason.tsx';
import { useCallStory, useSeesCalls } from './use-calls.ts';
import { directionText, partyText, resultText } from './wording.ts';

/** What happened to one call, and why it popped or did not. */
export function CallPage() {
  const { callId } = useParams({ from: '/shell/calls/$callId' });
  const allowed = useSeesCalls();
  const story = useCallStory(callId, allowed);
  const { data } = story;
  if (!allowed)
    return (
      <Page title="Call">
        <MissingSeat feature="history" title="Calls need" what="The history of calls is" />
      </Page>
    );
  return (
    <Page
      title={data === undefined ? 'Call' : partyText(data.call)}
      lead={
        data === undefined
          ? undefined
          : `${directionText(data.call)}, ${dateTime(data.call.startedAt)}: ${resultText(data.call)}`
      }
    >
      {story.error !== null && (
        <ProblemAlert error={story.error} title="The call could not be loaded" />
      )}
      {story.isPending && <Loader size="sm" type="dots" aria-label="Loading the call" />}
      {data !== undefined && <Story story={data} />}
    </Page>
  );
}

function Story({ story }: { story: CallStory }) {
  const { found } = story;
  return (
    <Stack>
      {wasWorkedOn(story.call) && (
        <SectionCard title="Notes and case">
          <CallSummaryLines summary={story.call} />
        </SectionCard>
      )}
      <SectionCard title="Why it popped, or did not">
        <Stack gap="lg">
          {story.text !== null && <Reason text={story.text} mend={story.mend} />}
          {story.pops.map((pop) => (
            <PopFacts key={pop.extension} pop={pop} />
          ))}
        </Stack>
      </SectionCard>
      {found !== null && (
        <SectionCard
          title={story.call.endedAt === null ? 'Whose number it is' : 'Whose number it was'}
        >
          <FoundFacts found={found} />
        </SectionCard>
      )}
      <SectionCard title="What happened">
        <List listStyleType="none">
          {story.steps.map((step, place) => (
            <List.Item key={`${place} ${step.at}`}>
              <Text component="span" size="sm" c="dimmed" className="tabular">
                {timeToTheSecond(step.at)}
              </Text>{' '}
              {step.text}
            </List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed" mt="sm">
          {[story.source.phoneSystem, `its id of the call: ${story.source.id}`]
            .filter((part) => part !== '')
            .join(', ')}
        </Text>
        {story.recording !== null && (
          <Text size="sm" mt="sm">
            Recording at the phone system: {story.recording}
          </Text>
        )}
        {story.clockAhead !== null && (
          <Text size="sm" mt="sm">
            The phone system’s clock differs from Ringside’s by {story.clockAhead} seconds.
          </Text>
        )}
      </SectionCard>
      <CallTraces story={story} />
    </Stack>
  );
}

function wasWorkedOn({ notes, wrapUpCodes, case: tagged }: CallSummary): boolean {
  return notes.length > 0 || wrapUpCodes.length > 0 || tagged !== null;
}
