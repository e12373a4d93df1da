import type { UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { asProblem } from './problem.ts';
import type { ProblemError } from './problem.ts';

export interface FormSubmit {
  onSubmit: (event?: FormEvent<HTMLFormElement>) => void;
  busy: boolean;
  /** What the server refused; null before and after success. Fields that the form has show their own part of it. */
  problem: ProblemError | null;
}

/**
 * Sends a form once its own checks pass. What the server finds wrong is put at its field; what belongs to no field stays
 * in `problem`. A form that its own checks stop moves the focus to the first wrong field.
 */
export function useFormSubmit<V extends Record<string, unknown>>(
  form: UseFormReturnType<V>,
  send: (values: V) => Promise<void>,
): FormSubmit {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);

  const submit = async (values: V) => {
    setBusy(true);
    setProblem(null);
    try {
      await send(values);
    } catch (error) {
      const refusal = asProblem(error);
      const atFields = refusal.errors.filter((entry) => entry.field in values);
      form.setErrors(Object.fromEntries(atFields.map(({ field, message }) => [field, message])));
      setProblem(refusal);
    } finally {
      setBusy(false);
    }
  };

  const focusFirst = (errors: Record<string, unknown>) => {
    const fields = new Set(Object.keys(errors));
    const inputs = document.querySelectorAll<HTMLElement>('[data-path]');
    [...inputs].find((input) => fields.has(input.dataset['path'] ?? ''))?.focus();
  };

  return {
    onSubmit: form.onSubmit((values) => void submit(values), focusFirst),
    busy,
    problem,
  };
}
