import { Anchor, Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { ApiKeyRow } from '../../../src/organization/api-key-contract.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { SectionCard } from '../ui/section-card.tsx';
import { ApiKeyDialog } from './api-key-dialog.tsx';
import { ApiKeyTable } from './api-key-table.tsx';
import { MissingPlan } from './missing-plan.tsx';
import { Removal } from './removal.tsx';
import { sections } from './section-index.tsx';
import { useApiKeyChanges, useApiKeys } from './use-api-keys.ts';
import { useMissingPlan } from './use-call-handling.ts';

/** 'API keys': with which other programs ask this hub. */
export function ApiKeysSection() {
  const { data, error } = useApiKeys();
  const { revoke } = useApiKeyChanges();
  const locked = useMissingPlan('api-keys') !== null;
  const [adding, setAdding] = useState(false);
  const [revoked, setRevoked] = useState<ApiKeyRow | null>(null);
  return (
    <SectionCard
      {...sections.find(({ id }) => id === 'api-keys')!}
      lead={
        <>
          With a key another program asks Ringside for calls, callers or settings, and for nothing
          but what you choose. What there is to ask stands in the{' '}
          <Anchor href="/api/docs" target="_blank" rel="noreferrer" inherit underline="always">
            API page
          </Anchor>
          .
        </>
      }
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          disabled={locked}
          onClick={() => setAdding(true)}
        >
          Add API key
        </Button>
      }
    >
      <MissingPlan feature="api-keys" />
      {error !== null && <ProblemAlert error={error} title="The API keys could not be loaded" />}
      {data?.keys.length === 0 && !locked && (
        <EmptyState icon={<IconKey size={24} />} title="No API keys yet">
          Add one for each program that is to ask Ringside, so that you can take them away one by
          one.
        </EmptyState>
      )}
      {data !== undefined && data.keys.length > 0 && (
        <ApiKeyTable keys={data.keys} onRevoke={setRevoked} />
      )}
      {adding && <ApiKeyDialog onClose={() => setAdding(false)} />}
      {revoked !== null && (
        <Removal
          name={revoked.name}
          verb="Revoke"
          consequence="Whatever uses this key is refused from its next request on. This cannot be undone."
          removal={revoke}
          id={revoked.id}
          onClose={() => setRevoked(null)}
        />
      )}
    </SectionCard>
  );
}
