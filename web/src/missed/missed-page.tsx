import { Loader, NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { IconPhoneCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { MissedScope } from '../../../src/desk/missed-contract.ts';
import { unlocks } from '../../../src/organization/features.ts';
import { scopeNames } from '../calls/wording.ts';
import { whyNoCalls } from '../desk/cannot-call.ts';
import { useDeskView } from '../desk/desk-provider.tsx';
import { MissingSeat } from '../desk/missing-seat.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { FilterBar } from '../ui/filter-bar.tsx';
import { OlderButton } from '../ui/older-button.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { useMe } from '../ui/use-me.ts';
import { MissedList } from './missed-list.tsx';
import { useMissedCalls } from './use-missed-calls.ts';
import type { MissedFilter } from './use-missed-calls.ts';

const lead = 'Who called in vain. Entries close by themselves when somebody reaches the caller.';

/** Whoever called and was not answered, until somebody reaches them. */
export function MissedPage() {
  const me = useMe();
  const allowed = unlocks(me.person.plan, 'missed-calls');
  const whyNot = whyNoCalls(useDeskView().view);
  const [filter, setFilter] = useState<MissedFilter>({
    ...{ scope: null, teamId: '', state: 'open' },
  });
  const list = useMissedCalls(filter, allowed);
  const pages = list.data?.pages ?? [];
  const [first] = pages;
  const entries = pages.flatMap(({ calls }) => calls);
  if (!allowed)
    return (
      <Page title="Missed calls" lead={lead}>
        <MissingSeat
          feature="missed-calls"
          title="Missed calls need"
          what="The list of those who called in vain is"
        />
      </Page>
    );
  return (
    <Page title="Missed calls" width="wide" lead={lead}>
      <FilterBar mb="md">
        <SegmentedControl
          aria-label="Open or closed"
          data={[
            { value: 'open', label: 'Open' },
            { value: 'closed', label: 'Closed' },
          ]}
          value={filter.state}
          onChange={(state) => setFilter({ ...filter, state })}
        />
        <NativeSelect
          aria-label="Whose"
          value={filter.scope ?? first?.scope ?? ''}
          onChange={({ currentTarget }) =>
            setFilter({ ...filter, scope: currentTarget.value as MissedScope })
          }
          data={(first?.scopes ?? []).map((value) => ({ value, label: scopeNames[value] }))}
        />
        {(first?.teams.length ?? 0) > 0 && (
          <NativeSelect
            aria-label="Team"
            value={filter.teamId}
            onChange={({ currentTarget }) => setFilter({ ...filter, teamId: currentTarget.value })}
            data={[
              { value: '', label: 'Any team' },
              ...first!.teams.map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
      </FilterBar>
      {list.error !== null && (
        <ProblemAlert error={list.error} title="Missed calls could not be loaded" />
      )}
      {list.isPending && <Loader size="sm" type="dots" aria-label="Loading missed calls" />}
      {list.data !== undefined && entries.length === 0 && <Nobody {...filter} />}
      {entries.length > 0 && <MissedList entries={entries} />}
      {entries.length > 0 && whyNot !== null && filter.state === 'open' && (
        <Text size="sm" c="dimmed" mt="sm">
          {whyNot} An entry closes all the same when the call is answered.
        </Text>
      )}
      <OlderButton list={list}>Show older ones</OlderButton>
    </Page>
  );
}

function Nobody({ state, scope }: MissedFilter) {
  if (state === 'closed')
    return (
      <EmptyState icon={<IconPhoneCheck size={24} />} title="Nothing closed yet">
        Whoever was called back, got through or was closed by hand stands here, and can be opened
        again.
      </EmptyState>
    );
  return (
    <EmptyState icon={<IconPhoneCheck size={24} />} title="Nobody waits for a call back">
      A call that nobody takes appears here a moment after it ends.
      {scope === 'mine' && ' Look at your queues as well: somebody there may wait.'}
    </EmptyState>
  );
}
