import { Anchor, List, Loader, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { CallSummary } from '../../../src/desk/call-summary-contract.ts';
import type { CallStory, Mend } from '../../../src/reports/contract.ts';
import { timeOfDay } from '../desk/wording.ts';
import { dateTime } from '../ui/moment.ts';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { CallTraces } from './call-traces.tsx';
import { CallSummaryLines } from './call-summary.tsx';
import { useCallStory } from './use-calls.ts';
import { directionText, partyText, resultText } from './wording.ts';

/** What happened to one call, and why it popped or did not. */
export function CallPage() {
  const { callId } = useParams({ from: '/shell/calls/$callId' });
  const story = useCallStory(callId);
  const { data } = story;
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
        <Stack gap="sm">
          {story.text !== null && <Reason text={story.text} mend={story.mend} />}
          {story.pops.map((pop) => (
            <Reason key={pop.extension} text={pop.text} mend={pop.mend} />
          ))}
          {found !== null && found.text !== null && <Reason text={found.text} mend={found.mend} />}
          {found?.candidates.map(({ key, name, reason }) => (
            <Text key={key} size="sm">
              Found then: {name} ({reason})
            </Text>
          ))}
        </Stack>
      </SectionCard>
      <SectionCard title="What happened">
        <List listStyleType="none">
          {story.steps.map((step, place) => (
            <List.Item key={`${place} ${step.at}`}>
              <Text component="span" size="sm" c="dimmed" className="tabular">
                {timeOfDay(step.at)}
              </Text>{' '}
              {step.text}
            </List.Item>
          ))}
        </List>
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

function Reason({ text, mend }: { text: string; mend: Mend | null }) {
  return (
    <div>
      <Text>{text}</Text>
      {mend !== null && (
        <Text size="sm" c="dimmed">
          {mend.to === null ? mend.text : <Anchor href={mend.to}>{mend.text}</Anchor>}
        </Text>
      )}
    </div>
  );
}
