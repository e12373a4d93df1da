import { Button, Group } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { useMay } from '../ui/use-may.ts';
import { AttachNumber } from './attach-number.tsx';
import { ContactForm } from './contact-form.tsx';
import { DirectorySearch } from './directory-search.tsx';
import { keptDraft } from './kept-draft.ts';
import { useShortcut } from './use-shortcut.ts';
import classes from './caller-finder.module.css';

interface CallerFinderProps {
  pop: Pop;
  /** Somebody opened it by hand: the search has the keyboard. */
  asked: boolean;
  /** Leaves the caller unknown; null where somebody is shown. */
  onLeave: (() => void) | null;
  onCancel: (() => void) | null;
  /** Who it is was said. */
  onDone(): void;
}

type Step = { at: 'search' } | { at: 'record'; key: string } | { at: 'new' };

/** Finds the caller in the directory, or makes a contact of them. What was typed stays on the way back, and over a reload. */
export function CallerFinder({ pop, asked, onLeave, onCancel, onDone }: CallerFinderProps) {
  const [kept] = useState(() => keptDraft<{ text: string; step: Step }>('finder', pop.callId));
  const [begun] = useState(() => kept.read());
  const [text, setText] = useState(begun?.text ?? '');
  const [step, setStep] = useState<Step>(begun?.step ?? { at: 'search' });
  useEffect(() => kept.keep({ text, step }), [kept, text, step]);
  const input = useRef<HTMLInputElement>(null);
  useShortcut('find-caller', () => input.current?.focus(), step.at === 'search');
  const mayCreate = useMay('create-contacts');
  useShortcut('create-contact', () => setStep({ at: 'new' }), mayCreate && step.at === 'search');
  const back = () => setStep({ at: 'search' });
  /** There is nothing to come back to any more. */
  const leaving = (leave: () => void) => () => {
    kept.forget();
    leave();
  };
  const done = leaving(onDone);

  if (step.at === 'record')
    return <AttachNumber pop={pop} recordKey={step.key} onBack={back} onDone={done} />;
  if (step.at === 'new')
    return (
      <ContactForm pop={pop} name={looksLikeName(text) ? text : ''} onBack={back} onDone={done} />
    );
  return (
    <section className={classes.finder} aria-label="Find the caller">
      <DirectorySearch
        inputRef={input}
        autoFocus={asked}
        label="Who is it?"
        placeholder="Name, company, e-mail or case number"
        text={text}
        onText={setText}
        onPick={({ key }) => setStep({ at: 'record', key })}
      />
      <Group gap="xs" mt="sm">
        {mayCreate && (
          <Button size="compact-md" variant="default" onClick={() => setStep({ at: 'new' })}>
            Create a contact
          </Button>
        )}
        {onLeave !== null && (
          <Button size="compact-md" variant="subtle" color="gray" onClick={onLeave}>
            Leave unknown
          </Button>
        )}
        {onCancel !== null && (
          <Button size="compact-md" variant="subtle" color="gray" onClick={leaving(onCancel)}>
            Cancel
          </Button>
        )}
      </Group>
    </section>
  );
}

function looksLikeName(text: string): boolean {
  return !/[\d@]/.test(text);
}
