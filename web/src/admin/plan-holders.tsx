import { Alert, Button, Checkbox, NativeSelect, Pagination, Stack, Text } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { PersonRow } from '../../../src/organization/contract.ts';
import { plans } from '../../../src/organization/plan.ts';
import type { Plan } from '../../../src/organization/plan.ts';
import { tooFewSeats } from '../../../src/organization/seats.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { FilterBar, SearchInput } from '../ui/filter-bar.tsx';
import { count, counted } from '../ui/moment.ts';
import { useForm } from './organization-context.ts';
import { matchesSearch } from './people-order.ts';
import classes from './plans-section.module.css';
import { PlanSelect, planOptions } from './plan-select.tsx';

const perPage = 10;
/** What the list is narrowed to: a plan, nobody's, or all. */
type Shown = Plan | 'none' | 'all';

const shownOptions: { value: Shown; label: string }[] = [
  { value: 'all', label: 'Everybody' },
  { value: 'none', label: 'No plan' },
  ...plans.map((plan) => ({ value: plan, label: plan })),
];

/** Who has which plan, changed here for one or for many; kept by Save like everything else. */
export function PlanHolders() {
  const { view, draft, errors, set } = useForm();
  const [shown, setShown] = useState<Shown>('all');
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [given, setGiven] = useState<Plan | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const people = useMemo(() => {
    // By what is saved, so that rows stay where they are while they are changed.
    const saved = new Map(view.people.map((person) => [person.id, person.plan]));
    const typed = search.trim();
    return draft.people.filter(
      (person) =>
        person.active &&
        (shown === 'all' || (saved.get(person.id) ?? 'none') === shown) &&
        (typed === '' || matchesSearch(person, typed)),
    );
  }, [view, draft, shown, search]);
  const pages = Math.max(1, Math.ceil(people.length / perPage));
  const at = Math.min(page, pages);
  const picked = people.filter(({ id }) => chosen.has(id));
  const narrow = (change: () => void) => {
    change();
    setPage(1);
    setRefusal(null);
  };
  const choose = (ids: readonly string[], on: boolean) => {
    setRefusal(null);
    setChosen((before) => {
      const after = new Set(before);
      for (const id of ids)
        if (on) after.add(id);
        else after.delete(id);
      return after;
    });
  };
  const give = () => {
    const reason = given === null ? null : tooFewSeats(draft, picked, given);
    setRefusal(reason);
    if (reason !== null) return;
    for (const { id } of picked) set(`people.${id}.plan`, given);
    setChosen(new Set());
  };
  return (
    <Stack gap="sm" mt="lg">
      <Text fw={650} component="h3" size="md">
        Who has what
      </Text>
      <FilterBar>
        <SearchInput
          label="Search"
          value={search}
          onChange={(text) => narrow(() => setSearch(text))}
        />
        <NativeSelect
          label="Shown"
          size="sm"
          data={shownOptions}
          value={shown}
          onChange={(event) => {
            const { value } = event.currentTarget;
            narrow(() => setShown(value as Shown));
          }}
        />
        <NativeSelect
          label="Plan to give"
          size="sm"
          data={planOptions}
          value={given ?? ''}
          onChange={(event) => {
            setGiven((event.currentTarget.value || null) as Plan | null);
            setRefusal(null);
          }}
        />
        <Button variant="default" size="sm" disabled={picked.length === 0} onClick={give}>
          {given === null ? 'Take the plan from' : `Give ${given} to`}{' '}
          {picked.length === 0 ? 'those ticked' : counted(picked.length, 'person', 'people')}
        </Button>
      </FilterBar>
      {refusal !== null && (
        <Alert color="red" variant="light" role="alert">
          {refusal}
        </Alert>
      )}
      {people.length === 0 ? (
        <EmptyState icon={<IconSearch size={24} />} title="Nobody">
          Nobody active fits what is shown.
        </EmptyState>
      ) : (
        <>
          <Checkbox
            label={`All ${count(people.length)} of this list`}
            checked={picked.length === people.length}
            indeterminate={picked.length > 0 && picked.length < people.length}
            onChange={(event) =>
              choose(
                people.map(({ id }) => id),
                event.currentTarget.checked,
              )
            }
          />
          <ul className={classes.holders} aria-label="People and their plans">
            {people.slice((at - 1) * perPage, at * perPage).map((person) => (
              <Holder
                key={person.id}
                person={person}
                chosen={chosen.has(person.id)}
                onChoose={(on) => choose([person.id], on)}
                onSet={set}
                error={errors[`people.${person.id}.plan`]}
              />
            ))}
          </ul>
          {pages > 1 && (
            <Pagination
              total={pages}
              value={at}
              onChange={setPage}
              size="sm"
              getControlProps={(control) => ({ 'aria-label': `${control} page of plans` })}
              getItemProps={(value) => ({ 'aria-label': `Page ${value} of plans` })}
            />
          )}
        </>
      )}
    </Stack>
  );
}

interface HolderProps {
  person: PersonRow;
  chosen: boolean;
  onChoose: (on: boolean) => void;
  onSet: (path: string, value: Plan | null) => void;
  error: string | undefined;
}

function Holder({ person, chosen, onChoose, onSet, error }: HolderProps) {
  return (
    <li className={classes.holder}>
      <Checkbox
        checked={chosen}
        label={person.name}
        description={person.email}
        styles={{ labelWrapper: { minWidth: 0 } }}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <PlanSelect
        personName={person.name}
        label={`Plan of ${person.name}`}
        path={`people.${person.id}.plan`}
        value={person.plan}
        error={error}
        onSet={onSet}
      />
    </li>
  );
}
