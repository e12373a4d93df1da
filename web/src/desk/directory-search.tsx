import { Anchor, Loader, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import type { SearchKind, SearchResult } from '../../../src/directory/contract.ts';
import { asProblem } from '../ui/problem.ts';
import { FoundRecord } from './found-record.tsx';
import { useDirectorySearch } from './use-directory-search.ts';
import classes from './directory-search.module.css';

/** What stands below the results and is chosen in the same way, such as making what was not found. */
export interface SearchExtra {
  id: string;
  label: string;
  run(): void;
}

interface DirectorySearchProps {
  label: ReactNode;
  /** What is looked for; everything that has a person or company behind it when left out. */
  kinds?: readonly SearchKind[];
  placeholder: string;
  /** What is said where nothing is found, and what to do then. */
  words?: { nobody: string; advice: string };
  text: string;
  onText(text: string): void;
  onPick(result: SearchResult): void;
  extras?: readonly SearchExtra[];
  error?: ReactNode;
  autoFocus?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

const typingPauseMs = 120;
const anyKind = {
  nobody: 'Nobody',
  advice: 'Try fewer letters, the company, the e-mail address or a case number.',
};

/**
 * Searches the directory while one types. Arrow keys move through the results, Enter picks one, Escape empties the field; a click picks
 * as well. Below the field, not over what stands there: nothing jumps or hides.
 */
export function DirectorySearch(props: DirectorySearchProps) {
  const { text, extras = [], words = anyKind } = props;
  const list = useId();
  const [q] = useDebouncedValue(text.trim(), typingPauseMs);
  const found = useDirectorySearch(text.trim() === '' ? '' : q, props.kinds);
  const results = text.trim() === '' ? [] : (found.data?.results ?? []);
  const options = [
    ...results.map((result) => ({ id: result.key, run: () => props.onPick(result), result })),
    ...extras.map((extra) => ({ ...extra, result: null })),
  ];
  const [active, setActive] = useState(0);
  const current = Math.min(active, options.length - 1);
  const rows = useRef<HTMLDivElement>(null);
  useEffect(() => {
    rows.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      event.preventDefault();
      setActive((current + step + options.length) % options.length);
    } else if (event.key === 'Enter') {
      // Never the form around it; and not for what was found for other text.
      event.preventDefault();
      if (q === text.trim() && !found.isPlaceholderData) options[current]?.run();
    } else if (event.key === 'Escape' && text !== '') {
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      props.onText('');
    }
  };

  const optionId = (place: number) => `${list}-${place}`;
  const note = noteOf(text.trim(), found, results.length, words.advice);
  const meant = results.length > 0 && !found.isPlaceholderData ? (found.data?.meant ?? null) : null;
  return (
    <div>
      <TextInput
        ref={props.inputRef ?? null}
        label={props.label}
        placeholder={props.placeholder}
        value={text}
        error={props.error}
        onChange={({ currentTarget }) => {
          setActive(0);
          props.onText(currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        rightSection={found.isFetching ? <Loader size={14} aria-hidden="true" /> : null}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        data-autofocus={props.autoFocus}
        autoFocus={props.autoFocus ?? false}
        role="combobox"
        aria-expanded={options.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={options.length > 0 ? optionId(current) : undefined}
      />
      {meant !== null && (
        <Text size="sm" mt={6}>
          {words.nobody} is called “{q}”. Did you mean{' '}
          <Anchor
            component="button"
            type="button"
            size="sm"
            className={classes.meant}
            onClick={() => props.onText(meant)}
          >
            {meant}
          </Anchor>
          ?
        </Text>
      )}
      {options.length > 0 && (
        <div ref={rows} id={list} role="listbox" aria-label="Results" className={classes.results}>
          {options.map(({ id, run, result, ...extra }, place) => (
            // The input has the keyboard; a pointer picks at once, as in any list of suggestions.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={id}
              id={optionId(place)}
              role="option"
              tabIndex={-1}
              aria-selected={place === current}
              className={classes.result}
              onMouseDown={(event) => event.preventDefault()}
              onClick={run}
            >
              {result === null ? (
                <span className={classes.extra}>{'label' in extra ? extra.label : ''}</span>
              ) : (
                <FoundRecord record={result} />
              )}
            </div>
          ))}
        </div>
      )}
      <div role="status">
        {note === '' ? (
          <VisuallyHidden>
            {results.length > 0 && foundText(results.length, meant, words.nobody)}
          </VisuallyHidden>
        ) : (
          <Text size="sm" c="dimmed" mt={6}>
            {note}
          </Text>
        )}
      </div>
    </div>
  );
}

function foundText(count: number, meant: string | null, nobody: string): string {
  const found = count === 20 ? 'The 20 best are shown' : `${count} found`;
  return meant === null ? found : `${nobody} is called so. ${found} for “${meant}”`;
}

function noteOf(
  text: string,
  { data, error, isFetching }: ReturnType<typeof useDirectorySearch>,
  found: number,
  advice: string,
): string {
  if (text === '') return '';
  if (error !== null) return asProblem(error).detail;
  if (data === undefined) return '';
  const { preparing } = data;
  const unready =
    preparing === null || preparing.total === 0
      ? ''
      : `Names are still being prepared for the search: ${Math.floor((preparing.done / preparing.total) * 100)} %. `;
  return found === 0 && !isFetching
    ? `${unready}Nothing found for “${text}”. ${advice}`
    : unready.trim();
}
