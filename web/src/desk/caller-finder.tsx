import { Button, Group } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Pop } from '../../../src/desk/contract.ts';
import { useMay } from '../ui/use-may.ts';
import { AttachNumber } from './attach-number.tsx';
import { ContactForm } from './contact-form.tsx';
import { DirectorySearch } from './directory-search.tsx';
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

/** Finds the caller in the directory, or makes a contact of them. What was typed stays on the way back. */
export function CallerFinder({ pop, asked, onLeave, onCancel, onDone }: CallerFinderProps) {
  const [text, setText] = useState('');
  const [step, setStep] = useState<Step>({ at: 'search' });
  const input = useRef<HTMLInputElement>(null);
  useShortcut('find-caller', () => input.current?.focus(), step.at === 'search');
  const mayCreate = useMay('create-contacts');
  useShortcut('create-contact', () => setStep({ at: 'new' }), mayCreate && step.at === 'search');
  const back = () => setStep({ at: 'search' });

  if (step.at === 'record')
    return <AttachNumber pop={pop} recordKey={step.key} onBack={back} onDone={onDone} />;
  if (step.at === 'new')
    return (
      <ContactForm pop={pop} name={looksLikeName(text) ? text : ''} onBack={back} onDone={onDone} />
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
          <Button size="compact-md" variant="subtle" color="gray" onClick={onCancel}>
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
