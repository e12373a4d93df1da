import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { organizationView } from '../../../src/organization/contract.ts';
import type { OrganizationView } from '../../../src/organization/contract.ts';
import { api } from '../ui/api.ts';
import { asProblem } from '../ui/problem.ts';
import type { ProblemError } from '../ui/problem.ts';
import { findErrors } from './edit-errors.ts';
import { errorsByPath, inputOf } from './edit-input.ts';
import type { ErrorsByPath } from './edit-input.ts';
import { applyEdits, collisions, edit, noEdits, openEdits, rebase, without } from './edits.ts';
import type { Edits, EditValue } from './edits.ts';
import { openSuggestions } from './people-order.ts';
import type { Suggestion } from './people-order.ts';
import { organizationQuery, useOrganizationRefresh } from './use-organization.ts';

/** Why Save did not go through; `null` problem: the page itself found errors and sent nothing. */
export interface Refusal {
  problem: ProblemError | null;
  errors: ErrorsByPath;
}

export interface OrganizationForm {
  /** As the server has it. */
  view: OrganizationView;
  /** As it would be after Save. */
  draft: OrganizationView;
  edits: Edits;
  errors: ErrorsByPath;
  refusal: Refusal | null;
  saving: boolean;
  /** Paths that somebody else saved since they were edited here; Save waits until that is decided. */
  collisions: string[];
  /** CRM users on offer for their e-mail address, by connection id and person id. */
  suggestions: Readonly<Record<string, ReadonlyMap<string, Suggestion>>>;
  set: (path: string, value: EditValue) => void;
  undo: () => void;
  save: () => Promise<void>;
  /** After a refusal because somebody else saved: what they saved, with the edits made here on top. */
  reload: () => Promise<void>;
  keepMine: () => void;
  takeTheirs: () => void;
}

/** The one form of Manage Organization: edits over what the server has, kept by nobody until Save. */
export function useOrganizationForm(view: OrganizationView): OrganizationForm {
  const client = useQueryClient();
  const refresh = useOrganizationRefresh();
  const [kept, setKept] = useState<Edits>(noEdits);
  const [saving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const latest = useRef(view);
  latest.current = view;

  const edits = useMemo(() => openEdits(kept, view), [kept, view]);
  const draft = useMemo(() => applyEdits(view, edits), [view, edits]);
  const found = useMemo(() => findErrors(draft), [draft]);
  const errors = useMemo(() => ({ ...refusal?.errors, ...found }), [refusal, found]);
  const colliding = useMemo(() => collisions(edits, view), [edits, view]);

  const suggestions = useMemo(
    () => Object.fromEntries(draft.connections.map(({ id }) => [id, openSuggestions(draft, id)])),
    [draft],
  );

  const set = useCallback((path: string, value: EditValue) => {
    setKept((before) => edit(before, latest.current, path, value));
    // What the server said about a field is void once the field changes.
    setRefusal((before) => before && { ...before, errors: omit(before.errors, path) });
  }, []);

  const undo = useCallback(() => {
    setKept(noEdits);
    setRefusal(null);
  }, []);

  const save = async () => {
    if (saving || colliding.length > 0) return;
    if (Object.keys(found).length > 0) return setRefusal({ problem: null, errors: {} });
    setSaving(true);
    setRefusal(null);
    try {
      client.setQueryData(
        organizationQuery.queryKey,
        // A session that ended meanwhile must not take the edits along to the sign-in page.
        await api.put('/organization', inputOf(view, edits), organizationView, { quiet: true }),
      );
      setKept(noEdits);
      notifications.show({ color: 'green', message: 'Saved.' });
      void refresh();
    } catch (error) {
      const problem = asProblem(error);
      setRefusal({ problem, errors: errorsByPath(problem.errors, edits) });
    } finally {
      setSaving(false);
    }
  };

  return {
    ...{ view, draft, edits, errors, refusal, saving, suggestions, set, undo, save },
    collisions: colliding,
    reload: async () => {
      await refresh();
      setRefusal(null);
    },
    keepMine: () => setKept(rebase(edits, view, colliding)),
    takeTheirs: () => setKept(without(edits, colliding)),
  };
}

function omit(errors: ErrorsByPath, path: string): ErrorsByPath {
  return Object.fromEntries(
    Object.entries(errors).filter(([key]) => key !== path && !key.startsWith(`${path}.`)),
  );
}
